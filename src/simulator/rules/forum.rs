//! Rules of the forum's vocabulary, `/api/v2/interactions/…`. No published SDK has these paths.

rules! { Forum:
    INTERACTION_SCOPE "interaction_scope" ForumClaim
        "reading needs the scope interaction:view, everything else interaction:write; else 403"
        "forum threads; in no published SDK";
    INTERACTION_EXISTS "interaction_exists" Assumption
        "an id that is not a uuid or names no interaction is answered with 404; under --fresh every uuid names one"
        "plausible";
    INTERACTION_READ "interaction_read" ForumClaim
        "GET /interactions/{id} shows state active, WRAPUP or closed; settling is shown as closed"
        "forum threads; that settling reads as closed is an assumption";
    INTERACTION_DISCONNECT "interaction_disconnect" Assumption
        "POST /interactions/{id}/disconnect takes an active interaction to WRAPUP, 204; in another state 400"
        "the simulator's own way to move an interaction by request";
    CODES_IN_WRAPUP "codes_in_wrapup" ForumClaim
        "PUT /interactions/{id} with wrapupCodes is accepted with 204 in WRAPUP, and closes the interaction"
        "forum threads; that it closes is an assumption";
    WRAPUP_IN_WRAPUP "wrapup_in_wrapup" ForumClaim
        "POST /interactions/{id}/wrapup with codeId and durationMs is accepted with 204 in WRAPUP, and closes the interaction"
        "forum threads; that it closes is an assumption";
    WRAP_UP_WHEN_CLOSED "wrap_up_when_closed" ForumClaim
        "PUT /interactions/{id}/wrap-up with codeId and durationMs is accepted with 204 once the interaction is closed, as often as it is sent"
        "forum threads; that it can be repeated is an assumption";
    BODY_IS_JSON "interaction_body_is_json" ForumClaim
        "a body that is missing, not UTF-8 or not JSON is refused"
        "forum threads: `Validation failed`";
    BODY_IS_OBJECT "interaction_body_is_object" ForumClaim
        "a body that is not an object (null, an array, a string holding JSON) is refused"
        "forum threads: `Validation failed`";
    DUPLICATE_MEMBER "interaction_duplicate_member" Assumption
        "a member that occurs twice in one object is refused"
        "RFC 8259, 4 leaves it open; strict on purpose";
    UNKNOWN_MEMBER "interaction_unknown_member" ForumClaim
        "a member that an object does not have, also one that belongs into another object, is refused"
        "forum threads: `Validation failed` for wrong nesting";
    NULL_MEMBER "interaction_null_member" ForumClaim
        "a member that is null is refused"
        "forum threads: `the SDK's builder includes null fields`";
    MISSING_MEMBER "interaction_missing_member" ForumClaim
        "wrapupCodes with id and data with name and value, or codeId and durationMs: none may be missing"
        "forum threads: `Validation failed`";
    MEMBER_TYPE "interaction_member_type" ForumClaim
        "a member of another JSON type is refused: durationMs is an integer, an attribute's value a string"
        "forum threads: `Validation failed`";
    EMPTY_MEMBER "interaction_empty_member" ForumClaim
        "an empty string or an empty array is refused"
        "forum threads: `Validation failed`";
    DURATION_POSITIVE "interaction_duration_positive" ForumClaim
        "durationMs is greater than 0"
        "forum threads: `Validation failed`";
    CODE_IS_UUID "interaction_code_is_uuid" ForumClaim
        "a code is given by its uuid, not by its name"
        "forum threads: `Validation failed`";
    ATTRIBUTE_KNOWN "interaction_attribute_known" ForumClaim
        "data has only known attribute names: Duration, Notes, Reason"
        "forum threads name Duration; the others are an assumption";
    CODE_EXISTS "interaction_code_exists" ForumClaim
        "a code that does not exist is refused; under --fresh every uuid except the seeded unknown one exists"
        "forum threads: `Validation failed`";
    CODE_DIVISION "interaction_code_division" ForumClaim
        "a code of another division than the interaction's is refused"
        "forum threads: `codeId must match division`";
    CODE_MEDIA "interaction_code_media" ForumClaim
        "a code for another media type than the interaction's is refused"
        "forum threads";
    STATE_WRAPUP "interaction_state_wrapup" ForumClaim
        "PUT /interactions/{id} and POST /interactions/{id}/wrapup are refused in any state but WRAPUP"
        "forum threads";
    STATE_CLOSED "interaction_state_closed" ForumClaim
        "PUT /interactions/{id}/wrap-up is refused before the interaction is closed"
        "forum threads: `must be closed`";
    STATE_SETTLED "interaction_state_settled" ForumClaim
        "PUT /interactions/{id}/wrap-up is refused for 2 s after closing, although the state reads closed"
        "forum threads, on codes refused right after closing; the 2 s are an assumption";
}
