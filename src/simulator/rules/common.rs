//! Rules for every request: HTTP checks, tokens, rates, the simulator's own paths.

rules! { Common:
    LOOPBACK_HOST "loopback_host" Assumption
        "the Host is a loopback name or address; any other is refused with 403, so that no web page reaches the simulator by DNS rebinding"
        "the simulator's own access rule";
    NO_FOREIGN_ORIGIN "no_foreign_origin" Assumption
        "a request that a browser sends for a page of another origin is refused with 403"
        "the simulator's own access rule";
    BODY_LIMIT "body_limit" Assumption
        "a body has at most 1 MiB; a larger one is refused with 413 and no Retry-After"
        "the simulator's own memory; the public limit is not known";
    KNOWN_PATH "known_path" Documented
        "a path that is in neither vocabulary, or an operation that the simulator lacks, is answered with 404 not.found and a message that says so"
        "the API's generic error list, as kept in the public Go client go-gcloudcx, errors.go";
    KNOWN_METHOD "known_method" Documented
        "a method that a path does not have is answered with 405 and the allowed ones"
        "RFC 9110, 15.5.6";
    TOKEN_ISSUED "token_issued" Documented
        "POST /oauth/token with Basic credentials and grant_type=client_credentials gives a bearer token for 86399 s"
        "the SDKs' login requests, captured; developer centre, client credentials grant";
    TOKEN_FORM "token_form" Documented
        "the body of a login is application/x-www-form-urlencoded; else 400 invalid_request"
        "RFC 6749, 4.4.2";
    TOKEN_GRANT "token_grant" Assumption
        "a grant type other than client_credentials is answered with 400 unsupported_grant_type"
        "RFC 6749, 5.2; the simulator knows only this grant";
    TOKEN_CLIENT "token_client" Documented
        "a login without Basic credentials, with an empty id or with the secret `wrong` is answered with 401 invalid_client in the OAuth error shape"
        "RFC 6749, 5.2; the shape {error, description, error_description} from the SDKs' sources";
    TOKEN_REQUIRED "token_required" Documented
        "a request without a bearer token is answered with 401 authentication.required"
        "the API's generic error list, as kept in the public Go client go-gcloudcx, errors.go";
    TOKEN_KNOWN "token_known" Documented
        "a bearer token that the simulator did not issue is answered with 401 bad.credentials; wraptap's own mask `redacted-…` and, under --fresh, any token are accepted as a full user's, so that a recording can be sent again"
        "the API's generic error list, as kept in the public Go client go-gcloudcx, errors.go; the mask is a convenience";
    TOKEN_UNEXPIRED "token_unexpired" Documented
        "an expired bearer token is answered with 401 credentials.expired"
        "the API's generic error list, as kept in the public Go client go-gcloudcx, errors.go";
    TOKENS_ME "tokens_me" Documented
        "GET /api/v2/tokens/me returns the client, its grant type and its scopes; it needs no permission"
        "SDK model TokenInfo";
    RATE_LIMIT "rate_limit" Documented
        "over the limit (--rate-limit N requests a minute and token), and for the first two requests of the throttled client, the answer is 429 too.many.requests.retry.after with Retry-After"
        "https://developer.genesys.cloud/forum/t/normalized-platform-api-429-responses/12028";
    JSON_CONTENT_TYPE "json_content_type" Documented
        "a body has the type application/json, a charset is ignored; else 415 unsupported.media.type"
        "error codes of the wrap-up operations, Swagger of 2018";
    CONTROL_STATE "control_state" Assumption
        "GET /_simulator/state returns the state of everything; it needs no token"
        "the simulator's own paths";
    CONTROL_SEED "control_seed" Assumption
        "PUT /_simulator/interactions/{id} and /_simulator/conversations/{id} with {\"state\":…} set its state and create it if necessary; another body is refused with 400"
        "the simulator's own paths";
    CONTROL_CLOCK "control_clock" Assumption
        "POST /_simulator/advance with {\"ms\":N} moves the time forward, under --test-clock only"
        "the simulator's own paths";
}
