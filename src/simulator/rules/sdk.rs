//! Rules of the SDKs' vocabulary, `/api/v2/conversations/…`. The response of the live API to a malformed body
//! is not known.

rules! { Sdk:
    READ_PERMISSION "read_permission" Documented
        "reading a conversation needs conversation:communication:view, reading codes routing:wrapupCode:view; else 403 missing.permissions"
        "SDK documentation of the operations";
    APPLY_PERMISSION "apply_permission" Documented
        "POST …/communications/{id}/wrapup needs conversation:participant:wrapup; else 403 missing.permissions"
        "SDK documentation of the operation";
    PATCH_PERMISSION "patch_permission" Documented
        "PATCH …/participants/{id} needs any of conversation:participant:wrapup, conversation:call:record, conversation:communication:disconnect; else 403 missing.any.permissions"
        "SDK documentation of the operation";
    USER_CONTEXT "user_context" Documented
        "PATCH …/calls/{id}/participants/{id} with a client-credentials token is refused with 400 not.a.user"
        "error codes of the operation, Swagger of 2018; https://developer.genesys.cloud/forum/t/set-system-wrap-up-via-api/19778";
    CONVERSATION_EXISTS "conversation_exists" Documented
        "an id that names no conversation, or one of another media type than the path's, is answered with 404 conversation.error.conversation.not.found"
        "error codes of GET …/wrapup, Swagger of 2018; the media type is an assumption";
    PARTICIPANT_EXISTS "participant_exists" Documented
        "an id that is no participant's is answered with 404 conversation.error.not.conversation.participant"
        "error codes of PATCH …/participants/{id}, Swagger of 2018";
    COMMUNICATION_EXISTS "communication_exists" Assumption
        "an id that is no communication of this participant is answered with 404 not.found"
        "plausible";
    CODE_LISTED "code_listed" Assumption
        "GET /api/v2/routing/wrapupcodes/{id} of no code is answered with 404 not.found"
        "plausible";
    CONVERSATION_READ "conversation_read" Documented
        "GET /api/v2/conversations/{id} shows participants with their communications, wrap-up and after-call work"
        "SDK model Conversation";
    MEDIA_CONVERSATION_READ "media_conversation_read" Documented
        "GET /api/v2/conversations/{media}/{id} shows the participants with the state of their communication as their own members"
        "SDK models CallConversation and CallMediaParticipant and their like";
    CONVERSATION_DISCONNECT "conversation_disconnect" Documented
        "POST /api/v2/conversations/{id}/disconnect ends it and gives participants whose wrap-up is pending a system code, 202"
        "SDK documentation of the operation; that a connected agent becomes pending first is an assumption";
    CODES_READ "codes_read" Documented
        "GET …/wrapupcodes lists codes: all of them under routing, those the participant may use under a conversation"
        "SDK documentation of the operations";
    WRAPUP_READ "wrapup_read" Documented
        "GET …/wrapup shows the assigned code, or nothing ({}) where none is; a provisional one with provisional=true"
        "SDK model AssignedWrapupCode; the empty object is an assumption";
    APPLY_WRAPUP "apply_wrapup" Documented
        "POST …/communications/{id}/wrapup with {\"code\":…} is answered with 202 and no body, once"
        "SDK documentation of the operation";
    PATCH_PARTICIPANT "patch_participant" Documented
        "PATCH …/participants/{id} with {\"wrapup\":{\"code\":…}} is answered with 202 and no body, once"
        "SDK documentation of the operation";
    EMPTY_TAGS "wrapup_empty_tags" Assumption
        "\"tags\":[] is accepted: the Java SDK sends it with every wrap-up; null in its place is refused"
        "the Java SDK's requests, captured";
    PROVISIONAL "wrapup_provisional" Documented
        "\"provisional\":true needs no code, is answered with 202 and leaves the wrap-up pending; without it the code is required"
        "SDK model WrapupInput: `pending save and should not require a code`";
    BODY_IS_JSON "wrapup_body_is_json" Documented
        "a body that is missing, not UTF-8 or not JSON is refused with 400 bad.request"
        "generic code bad.request: `malformed syntax`; that a missing one is refused is an assumption";
    BODY_IS_OBJECT "wrapup_body_is_object" Assumption
        "a body that is not an object (null, an array, a string holding JSON) is refused with 400 bad.request"
        "plausible";
    DUPLICATE_MEMBER "wrapup_duplicate_member" Assumption
        "a member that occurs twice in one object is refused with 400 bad.request"
        "RFC 8259, 4 leaves it open; strict on purpose";
    UNKNOWN_MEMBER "wrapup_unknown_member" Assumption
        "a member that the model does not have is refused with 400 bad.request: duration_seconds, codeId, or `wrapup` where the code belongs at the top"
        "staff posts show bad.request for wrong nesting; whether an unknown member alone is refused is not known";
    NULL_MEMBER "wrapup_null_member" Assumption
        "a member that is null is refused with 400 bad.request"
        "forum threads; whether the API refuses it is not known";
    MEMBER_TYPE "wrapup_member_type" Assumption
        "a member of another JSON type than the model's is refused with 400 bad.request: code is a string, tags an array of strings"
        "SDK models give the types; whether the API converts is not known";
    DURATION_INTEGER "wrapup_duration_integer" Assumption
        "durationSeconds is an integer written as one, 0 to 2147483647; 120.0, \"120\" and true are refused with 400 bad.request"
        "SDK model WrapupInput: int32; whether the API converts is not known";
    END_TIME_FORMAT "wrapup_end_time_format" Assumption
        "endTime and resumeTime are written yyyy-MM-ddTHH:mm:ss[.mmm]Z; other forms are refused with 400 invalid.date"
        "the format is documented in the models; that others are refused is not verified";
    STATE_VALUE "participant_state_value" Documented
        "state is connected or disconnected; else 400 invalid.value"
        "SDK model MediaParticipantRequest: `Possible values are: 'connected' and 'disconnected'`";
    CODE_REQUIRED "wrapup_code_required" Documented
        "a wrap-up without a code, or with an empty one, is refused with 400 conversation.error.wrapup.code.required"
        "error codes of PATCH …/participants/{id}, Swagger of 2018; for the POST an assumption";
    CODE_USABLE "wrapup_code_usable" Assumption
        "a code that does not exist is refused with 400 bad.request; under --fresh every uuid except the seeded unknown one exists"
        "GET …/participants/{id}/wrapupcodes is the documented list; how others are refused is not known";
    CODE_DIVISION "wrapup_code_division" Assumption
        "a code of another division than the conversation's is refused with 400 bad.request"
        "codes have divisions; how a foreign one is refused is not known";
    CODE_MEDIA "wrapup_code_media" Assumption
        "a code for another media type than the conversation's is refused with 400 bad.request"
        "a claim of forum threads";
    RECORDING_PERMISSION "recording_permission" Documented
        "every member of the PATCH is an action: `recording` without conversation:call:record is refused with 403 not.authorized"
        "https://community.genesys.com/discussion/update-and-change-system-wrap-up-codes";
    CALL_DISCONNECTED "call_disconnected" Documented
        "state, muted, held or confined for a call that is over is refused with 400 conversation.error.call.disconnected"
        "error codes of PATCH …/calls/{id}/participants/{id}, Swagger of 2018; for other media an assumption";
    SKIP_REFUSED "wrapup_skip_refused" Documented
        "wrapupSkipped:true is refused with 400 conversation.error.wrapup.cannot.skip where the wrap-up is mandatory, or beside a wrap-up"
        "error codes of PATCH …/calls/{id}/participants/{id}, Swagger of 2018; beside a wrap-up an assumption";
    NOT_APPLICABLE "after_call_work_applicable" Assumption
        "a participant that is not an agent has no wrap-up: refused with 400 bad.request"
        "SDK model AfterCallWork: notApplicable";
    NOT_STARTED "after_call_work_started" Assumption
        "while the communication is connected a wrap-up is refused with 400 bad.request"
        "staff sequence: disconnect first, then the code; https://community.genesys.com/discussion/end-interaction-after-patch-a-wrapup-code-for-a-call";
    OVER "after_call_work_open" Documented
        "once a code is assigned or the wrap-up was skipped another is refused with 400 conversation.error.participant.no.active.conversations"
        "error codes of PATCH …/participants/{id}, Swagger of 2018; that it covers this case is an assumption";
    TIMED_OUT "after_call_work_timeout" Documented
        "a pending wrap-up gets the system code ININ-WRAP-UP-TIMEOUT at its timeout; later ones are refused like second ones"
        "https://help.mypurecloud.com/articles/configure-call-work-settings/";
}
