-- The small PUT, and no more than about a thousand of them.
dofile(debug.getinfo(1, "S").source:match("@(.*/)") .. "put.lua")
local answers = 0
function response()
  answers = answers + 1
  if answers == 1000 then wrk.thread:stop() end
end
