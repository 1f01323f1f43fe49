using DpopHttp.Http.Authorization;
using DpopHttp.Http.Challenges;
using DpopHttp.Http.Replays;

namespace DpopHttp.Http.Diagnostics;

/// <summary>A refusal that is the caller's to see, with all that may explain it.</summary>
internal sealed record HandedBackRefusal(
    Uri Uri, HttpResponseMessage Response, Refusal Refusal, Attempt Attempt, RequestToken Token, DpopKey Key, DateTimeOffset Now);
