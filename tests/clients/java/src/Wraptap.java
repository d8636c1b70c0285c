import com.fasterxml.jackson.core.type.TypeReference;
import com.mypurecloud.sdk.v2.ApiClient;
import com.mypurecloud.sdk.v2.ApiException;
import com.mypurecloud.sdk.v2.ApiRequestBuilder;
import com.mypurecloud.sdk.v2.extensions.AuthResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What the Java programs share: the attach line, the login, and the loud end when the API did not do as it should. */
final class Wraptap {
    static final String CODE = "7fb334b0-0e9e-11e4-9191-0800200c9a66";

    private Wraptap() {}

    /** Something the SDK does. */
    interface Call {
        void run() throws Exception;
    }

    static ApiClient client() throws Exception {
        ApiClient client = ApiClient.Builder.standard().withBasePath(System.getenv("WRAPTAP_URL")).build(); // the attach line
        String credentials = "00000000-0000-4000-8000-0000000000a2:a secret of the tests";
        // authorizeClientCredentials(...) would go to https://login.…, made out of the base path
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
        return client;
    }

    static void accepted(String what, Call call) throws Exception {
        call.run();
        System.out.println(what + ": accepted");
    }

    static void refused(String what, Call call) throws Exception {
        try {
            call.run();
        } catch (ApiException error) {
            if (error.getStatusCode() == 400) {
                System.out.println(what + ": refused");
                return;
            }
            throw error;
        }
        throw new IllegalStateException(what + ": accepted, which it should not have been");
    }
}
