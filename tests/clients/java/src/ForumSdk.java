import com.fasterxml.jackson.core.type.TypeReference;
import com.mypurecloud.sdk.v2.ApiClient;
import com.mypurecloud.sdk.v2.ApiException;
import com.mypurecloud.sdk.v2.ApiRequestBuilder;
import java.util.LinkedHashMap;
import java.util.Map;

/** The forum's way to set a wrap-up code, through the Java SDK's raw call: the code at the top, and nested. */
public final class ForumSdk {
    public static void main(String[] arguments) throws Exception {
        ApiClient client = Wraptap.client();
        Map<String, Object> right = new LinkedHashMap<>();
        right.put("codeId", Wraptap.CODE);
        right.put("durationMs", 120000);
        Map<String, Object> nested = new LinkedHashMap<>();
        nested.put("wrapUpCode", Map.of("codeId", Wraptap.CODE));
        nested.put("durationMs", 120000);

        Wraptap.accepted("PUT …/wrap-up", () -> put(client, right));
        Wraptap.refused("PUT …/wrap-up, nested", () -> put(client, nested));
    }

    private static void put(ApiClient client, Object body) throws ApiException, java.io.IOException {
        client.invoke(
                ApiRequestBuilder.create("PUT", "/api/v2/interactions/{id}/wrap-up")
                        .withPathParameter("id", "f0000000-0000-4000-8000-000000000004")
                        .withContentTypes("application/json")
                        .withAccepts("application/json")
                        .withAuthNames("PureCloud OAuth")
                        .withBody(body)
                        .build(),
                new TypeReference<Void>() {});
    }
}
