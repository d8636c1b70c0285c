-- A wrap-up sized request: 120 octets of JSON by PUT.
wrk.method = "PUT"
wrk.path = "/api/v2/interactions/7fb334b0-0e9e-11e4-9191-0800200c9a66/wrap-up"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer bench-token-of-no-worth"
wrk.headers["User-Agent"] = "axios/1.21.1"
wrk.body = '{"codeId":"7fb334b0-0e9e-11e4-9191-0800200c9a66","durationMs":120000,"notes":"bench","padding":"' .. string.rep("x", 23) .. '"}'
