import java.util.Map;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.client.RestTemplate;

/** A program with the API's own hosts written into it: a login, a wrap-up code, and not a word of wraptap. */
public final class HardWired {
    private static final String WRAPUP = "https://api.mypurecloud.com/api/v2/conversations/calls/c0000000-0000-4000-8000-000000000013"
            + "/participants/a0000000-0000-4000-8000-000000000013/communications/e0000000-0000-4000-8000-000000000013/wrapup";

    public static void main(String[] arguments) {
        RestTemplate template = new RestTemplate();
        HttpHeaders basic = new HttpHeaders();
        basic.setBasicAuth("00000000-0000-4000-8000-0000000000a2", "a secret of the tests");
        basic.setContentType(MediaType.APPLICATION_FORM_URLENCODED);
        Map<?, ?> login = template.postForObject("https://login.mypurecloud.com/oauth/token",
                new HttpEntity<>("grant_type=client_credentials", basic), Map.class);

        HttpHeaders bearer = new HttpHeaders();
        bearer.setBearerAuth((String) login.get("access_token"));
        bearer.setContentType(MediaType.APPLICATION_JSON);
        template.postForEntity(WRAPUP,
                new HttpEntity<>(Map.of("code", "7fb334b0-0e9e-11e4-9191-0800200c9a66"), bearer), Void.class);
    }
}
