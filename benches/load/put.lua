-- A wrap-up sized request: 120 bytes of JSON by PUT. Each of 64 has ids of its own, so that nothing is won by
-- remembering the body before.
local headers = {
  ["Content-Type"] = "application/json",
  ["Authorization"] = "Bearer bench-token-of-no-worth",
  ["User-Agent"] = "axios/1.21.1",
}
local requests, turn = {}, 0

function init()
  for number = 1, 64 do
    local id = string.format("7fb334b0-0e9e-11e4-9191-%012x", number * 7919)
    local body = '{"codeId":"' .. id .. '","durationMs":120000,"notes":"bench","padding":"' .. string.rep("x", 23) .. '"}'
    requests[number] = wrk.format("PUT", "/api/v2/interactions/" .. id .. "/wrap-up", headers, body)
  end
end

function request()
  turn = turn % 64 + 1
  return requests[turn]
end
