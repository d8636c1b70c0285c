import com.mypurecloud.sdk.v2.ApiClient;
import com.mypurecloud.sdk.v2.Configuration;
import com.mypurecloud.sdk.v2.PureCloudRegionHosts;
import com.mypurecloud.sdk.v2.api.ConversationsApi;
import com.mypurecloud.sdk.v2.model.WrapupInput;

/** A program of the Java SDK as its README has it: it knows its region, and nothing of wraptap. */
public final class Unchanged {
    public static void main(String[] arguments) throws Exception {
        ApiClient client = ApiClient.Builder.standard().withBasePath(PureCloudRegionHosts.us_east_1).build();
        Configuration.setDefaultApiClient(client);
        client.authorizeClientCredentials("00000000-0000-4000-8000-0000000000a2", "a secret of the tests");
        new ConversationsApi().postConversationsCallParticipantCommunicationWrapup(
                "c0000000-0000-4000-8000-000000000013", "a0000000-0000-4000-8000-000000000013",
                "e0000000-0000-4000-8000-000000000013",
                new WrapupInput().code("7fb334b0-0e9e-11e4-9191-0800200c9a66"));
        // the SDK watches its config file on a thread of its own
        System.exit(0);
    }
}
