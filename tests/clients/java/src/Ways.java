import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.mypurecloud.sdk.v2.ApiClient;
import com.mypurecloud.sdk.v2.ApiException;
import com.mypurecloud.sdk.v2.ApiRequestBuilder;
import com.mypurecloud.sdk.v2.api.ConversationsApi;
import com.mypurecloud.sdk.v2.model.MediaParticipantRequest;
import com.mypurecloud.sdk.v2.model.WrapupInput;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every way in which the Java SDK is known to send something else than its caller meant, one call each, after the right
 * ones. Prints the name of each call and what came of it.
 */
public final class Ways {
    private static final String[] CALL = ids("1", "cae");
    private static final String[] MESSAGE = ids("2", "ca");
    private static final String[] ANY = ids("3", "ca");
    private static final Date END = Date.from(Instant.parse("2026-11-20T08:30:15.123Z"));

    private static ApiClient client;
    private static ConversationsApi api;

    private static String[] ids(String number, String kinds) {
        return kinds.chars().mapToObj(kind -> (char) kind + "0000000-0000-4000-8000-00000000004" + number).toArray(String[]::new);
    }

    private static void post(WrapupInput body) throws Exception {
        api.postConversationsCallParticipantCommunicationWrapup(CALL[0], CALL[1], CALL[2], body);
    }

    private static void patch(MediaParticipantRequest body) throws Exception {
        api.patchConversationParticipant(ANY[0], ANY[1], body);
    }

    /** The same calls with a body that is no model, which the SDK takes in its raw call only. */
    private static void raw(String method, String path, Object body) throws Exception {
        client.invoke(
                ApiRequestBuilder.create(method, path)
                        .withContentTypes("application/json")
                        .withAccepts("application/json")
                        .withAuthNames("PureCloud OAuth")
                        .withBody(body)
                        .build(),
                new TypeReference<Void>() {});
    }

    private static void post(Object body) throws Exception {
        raw("POST", "/api/v2/conversations/calls/" + CALL[0] + "/participants/" + CALL[1] + "/communications/" + CALL[2] + "/wrapup", body);
    }

    private static void patch(Object body) throws Exception {
        raw("PATCH", "/api/v2/conversations/" + ANY[0] + "/participants/" + ANY[1], body);
    }

    private static WrapupInput wrapup() {
        return new WrapupInput().code(Wraptap.CODE);
    }

    private static Map<String, Object> map(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int at = 0; at < pairs.length; at += 2) {
            map.put((String) pairs[at], pairs[at + 1]);
        }
        return map;
    }

    public static void main(String[] arguments) throws Exception {
        client = Wraptap.client();
        api = new ConversationsApi(client);
        Map<String, Wraptap.Call> calls = new LinkedHashMap<>();
        calls.put("right post", () -> post(wrapup().notes("Café “paid”").tags(List.of("vip")).durationSeconds(120).endTime(END)));
        calls.put("right with a duration", () -> post(wrapup().durationSeconds(120)));
        calls.put("right with a duration in a Map", () -> post(map("code", Wraptap.CODE, "durationSeconds", 120)));
        calls.put("right with an end", () -> post(map("code", Wraptap.CODE, "endTime", END)));
        calls.put("right patch", () -> patch(new MediaParticipantRequest().wrapup(wrapup())));
        calls.put("right message", () -> api.patchConversationsMessageParticipant(
                MESSAGE[0], MESSAGE[1], new MediaParticipantRequest().wrapup(wrapup())));
        calls.put("tags that nobody set", () -> post(wrapup()));
        calls.put("null in a model", () -> post(wrapup().notes(null)));
        calls.put("null in a Map", () -> post(map("code", Wraptap.CODE, "notes", null)));
        calls.put("JSON text", () -> post((Object) new ObjectMapper().writeValueAsString(map("code", Wraptap.CODE))));
        calls.put("JSON text twice", () -> post((Object) new ObjectMapper().writeValueAsString(
                new ObjectMapper().writeValueAsString(map("code", Wraptap.CODE)))));
        calls.put("a String for the object", () -> post((Object) Wraptap.CODE));
        calls.put("text for a number", () -> post(map("code", Wraptap.CODE, "durationSeconds", "120")));
        calls.put("a double for an integer", () -> post(map("code", Wraptap.CODE, "durationSeconds", 120.0)));
        calls.put("milliseconds for seconds", () -> post(wrapup().durationSeconds(120000)));
        calls.put("no body", () -> api.postConversationsCallParticipantCommunicationWrapup(CALL[0], CALL[1], CALL[2], null));
        calls.put("an empty model", () -> post(new WrapupInput()));
        calls.put("an empty nested model", () -> patch(new MediaParticipantRequest().wrapup(new WrapupInput())));
        calls.put("a word that is no state", () -> patch(new MediaParticipantRequest()
                .state(MediaParticipantRequest.StateEnum.fromString("wrapup")).wrapup(wrapup())));
        calls.put("the forum's keys", () -> post(map("codeId", Wraptap.CODE, "durationMs", 120000)));
        calls.put("wrapup around the POST", () -> post((Object) new MediaParticipantRequest().wrapup(wrapup())));
        calls.put("no wrapup around the PATCH", () -> patch((Object) wrapup()));
        calls.put("an enum for the code", () -> post(map("code", Thread.State.NEW)));
        calls.put("an Instant as Jackson writes it", () -> post(map("code", Wraptap.CODE, "endTime", END.toInstant().getEpochSecond())));
        calls.forEach((name, call) -> {
            String became = "accepted";
            try {
                call.run();
            } catch (ApiException error) {
                became = String.valueOf(error.getStatusCode());
            } catch (Exception error) {
                throw new IllegalStateException(name, error);
            }
            System.out.println(name + "\t" + became);
        });
    }
}
