namespace DpopHttp.Origins;

/// <summary>What a store has of one origin.</summary>
internal sealed record StoredNonces(StoredNonce WithToken, StoredNonce WithoutToken);
