import com.mypurecloud.sdk.v2.ApiException;
import com.mypurecloud.sdk.v2.api.ConversationsApi;
import com.mypurecloud.sdk.v2.model.WrapupInput;

/** One call of the Java SDK, and what its program gets to see of the answer. */
public final class Once {
    public static void main(String[] arguments) throws Exception {
        try {
            new ConversationsApi(Wraptap.client()).postConversationsCallParticipantCommunicationWrapup(
                    "c0000000-0000-4000-8000-000000000013", "a0000000-0000-4000-8000-000000000013",
                    "e0000000-0000-4000-8000-000000000013", new WrapupInput().code(Wraptap.CODE));
            System.out.println("returned");
        } catch (ApiException error) {
            System.out.println("ApiException " + error.getStatusCode() + " " + error.getMessage());
        }
    }
}
