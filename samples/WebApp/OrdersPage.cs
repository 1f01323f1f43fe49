using System.Text.Encodings.Web;

namespace WebApp;

/// <summary>The app's one page.</summary>
internal static class OrdersPage
{
    public static IResult Welcome() => Write("""
        <h1>Orders</h1>
        <p>Nobody is signed in.</p>
        <p><a class="button" href="/sign-in">Sign in</a></p>
        """);

    public static IResult Write(string user, IEnumerable<string> orders, string? export, string antiforgeryToken)
    {
        string token = $"""<input type="hidden" name="__RequestVerificationToken" value="{Encode(antiforgeryToken)}">""";
        return Write($"""
            <header>
              <h1>Orders</h1>
              <form method="post" action="/sign-out">{token}<span id="user">{Encode(user)}</span> <button class="quiet" name="button" value="sign-out">Sign out</button></form>
            </header>
            <ul id="orders">{string.Concat(orders.Select(order => $"<li>{Encode(order)}</li>"))}</ul>
            <form method="post" action="/orders">{token}<input name="item" required placeholder="What would you like?" autocomplete="off"> <button id="place">Place order</button></form>
            <form method="post" action="/export">{token}<button class="quiet" id="export" name="button" value="export">Export</button> <span id="exported">{Encode(export ?? "no export yet")}</span></form>
            """);
    }

    private static IResult Write(string body) => Results.Content($$"""
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width">
          <title>Orders</title>
          <style>
            body { font: 1rem/1.5 system-ui, sans-serif; background: #f3f4f6; color: #1f2937; margin: 0 }
            main { max-width: 36rem; margin: 3rem auto; background: #fff; padding: 2rem; border-radius: .75rem; box-shadow: 0 1px 4px #0002 }
            header { display: flex; justify-content: space-between; align-items: center }
            h1 { font-size: 1.4rem; margin: 0 }
            form { margin-top: 1rem }
            header form { margin: 0 }
            li { padding: .2rem 0 }
            input:not([type=hidden]) { font: inherit; padding: .5rem .7rem; border: 1px solid #d1d5db; border-radius: .5rem; width: 16rem }
            button, .button { font: inherit; color: #fff; background: #1d4ed8; border: 0; border-radius: .5rem; padding: .55rem 1rem; cursor: pointer; text-decoration: none }
            .quiet { color: #1f2937; background: #e5e7eb }
          </style>
        </head>
        <body><main>{{body}}</main></body>
        </html>
        """, "text/html; charset=utf-8");

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
