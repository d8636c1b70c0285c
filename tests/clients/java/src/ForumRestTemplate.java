import java.util.Map;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestTemplate;

/** The forum's advice, `bypass the SDK`, with Spring's RestTemplate: right, and with seconds where milliseconds belong. */
public final class ForumRestTemplate {
    private static final String URL = System.getenv("WRAPTAP_URL"); // the attach line

    /** The body as a bean: Jackson writes what was not set as null. */
    public record WrapUp(String codeId, int durationMs, String notes) {}

    /** The body as it should be. */
    public record RightWrapUp(String codeId, int durationMs) {}

    public static void main(String[] arguments) {
        RestTemplate template = new RestTemplate();
        HttpHeaders basic = new HttpHeaders();
        basic.setBasicAuth("00000000-0000-4000-8000-0000000000a2", "a secret of the tests");
        basic.setContentType(MediaType.APPLICATION_FORM_URLENCODED);
        LinkedMultiValueMap<String, String> form = new LinkedMultiValueMap<>();
        form.add("grant_type", "client_credentials");
        Map<?, ?> login = template.postForObject(URL + "/oauth/token", new HttpEntity<>(form, basic), Map.class);

        HttpHeaders bearer = new HttpHeaders();
        bearer.setBearerAuth((String) login.get("access_token"));
        bearer.setContentType(MediaType.APPLICATION_JSON);
        put(template, bearer, new RightWrapUp("7fb334b0-0e9e-11e4-9191-0800200c9a66", 120000));
        try {
            put(template, bearer, new WrapUp("7fb334b0-0e9e-11e4-9191-0800200c9a66", 120, null));
        } catch (HttpClientErrorException.BadRequest refused) {
            return;
        }
        throw new IllegalStateException("the wrong one was accepted");
    }

    private static void put(RestTemplate template, HttpHeaders headers, Object body) {
        template.exchange(URL + "/api/v2/interactions/{id}/wrap-up", HttpMethod.PUT, new HttpEntity<>(body, headers),
                Void.class, "f0000000-0000-4000-8000-000000000004");
    }
}
