import com.fasterxml.jackson.core.type.TypeReference;
import com.mypurecloud.sdk.v2.ApiClient;
import com.mypurecloud.sdk.v2.ApiRequestBuilder;
import com.mypurecloud.sdk.v2.api.ConversationsApi;
import com.mypurecloud.sdk.v2.model.WrapupInput;

/** The Java SDK sets a wrap-up code: as it should, and with the body of that call on the operation that wants it nested. */
public final class Sdk {
    private static final String CONVERSATION = "c0000000-0000-4000-8000-000000000013";
    private static final String PARTICIPANT = "a0000000-0000-4000-8000-000000000013";
    private static final String COMMUNICATION = "e0000000-0000-4000-8000-000000000013";

    public static void main(String[] arguments) throws Exception {
        ApiClient client = Wraptap.client();
        ConversationsApi conversations = new ConversationsApi(client);
        WrapupInput wrapup = new WrapupInput().code(Wraptap.CODE).notes("Café “paid” – ✓").durationSeconds(120);

        Wraptap.accepted("POST …/wrapup", () -> conversations
                .postConversationsCallParticipantCommunicationWrapup(CONVERSATION, PARTICIPANT, COMMUNICATION, wrapup));
        // nobody set tags: the model's constructor did
        Wraptap.refused("PATCH …/participants/{id} without `wrapup`", () -> client.invoke(
                ApiRequestBuilder.create("PATCH", "/api/v2/conversations/calls/{conversationId}/participants/{participantId}")
                        .withPathParameter("conversationId", CONVERSATION)
                        .withPathParameter("participantId", PARTICIPANT)
                        .withContentTypes("application/json")
                        .withAccepts("application/json")
                        .withAuthNames("PureCloud OAuth")
                        .withBody(wrapup)
                        .build(),
                new TypeReference<Void>() {}));
    }
}
