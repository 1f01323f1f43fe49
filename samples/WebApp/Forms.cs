using Microsoft.AspNetCore.Mvc;

namespace WebApp;

/// <summary>What the page's form sends; what is read from a form is checked for its antiforgery token.</summary>
internal sealed record OrderForm([FromForm] string Item);

/// <summary>A button and nothing else.</summary>
internal sealed record EmptyForm([FromForm(Name = "button")] string? Button);
