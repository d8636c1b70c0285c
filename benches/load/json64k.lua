-- A large JSON body: 64 KiB by POST.
wrk.method = "POST"
wrk.path = "/api/v2/bench"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"text":"' .. string.rep("0123456789abcdef", 4095) .. '"}'
