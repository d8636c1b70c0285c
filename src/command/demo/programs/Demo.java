import com.fasterxml.jackson.core.type.TypeReference;
import com.mypurecloud.sdk.v2.ApiClient;
import com.mypurecloud.sdk.v2.ApiException;
import com.mypurecloud.sdk.v2.ApiRequestBuilder;
import com.mypurecloud.sdk.v2.api.ConversationsApi;
import com.mypurecloud.sdk.v2.extensions.AuthResponse;
import com.mypurecloud.sdk.v2.model.WrapupInput;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

public final class Demo {
    public static void main(String[] arguments) throws Exception {
        ApiClient client = ApiClient.Builder.standard().withBasePath(System.getenv("WRAPTAP_URL")).build();
        String credentials = System.getenv("DEMO_CLIENT") + ":demo-secret";
        AuthResponse login = client.invoke(
                ApiRequestBuilder.create("POST", "/oauth/token")
                        .withFormParameter("grant_type", "client_credentials")
                        .withHeaderParameter("Authorization", "Basic "
                                + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
                        .withContentTypes("application/x-www-form-urlencoded")
                        .withAccepts("application/json")
                        .build(),
                new TypeReference<AuthResponse>() {}).getBody();
        client.setAccessToken(login.getAccess_token());
        String conversation = System.getenv("DEMO_CONVERSATION");
        String participant = System.getenv("DEMO_PARTICIPANT");
        WrapupInput wrapup = new WrapupInput().code(System.getenv("DEMO_CODE")).durationSeconds(120);
        new ConversationsApi(client).postConversationsCallParticipantCommunicationWrapup(
                conversation, participant, System.getenv("DEMO_COMMUNICATION"), wrapup);
        try {
            client.invoke(
                    ApiRequestBuilder.create("PATCH", "/api/v2/conversations/calls/{conversationId}/participants/{participantId}")
                            .withPathParameter("conversationId", conversation)
                            .withPathParameter("participantId", participant)
                            .withContentTypes("application/json")
                            .withAccepts("application/json")
                            .withAuthNames("PureCloud OAuth")
                            .withBody(wrapup)
                            .build(),
                    new TypeReference<Void>() {});
        } catch (ApiException error) {
            System.out.println("the program saw: " + error.getStatusCode() + " " + error.getMessage());
        }
    }
}
