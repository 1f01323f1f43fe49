namespace SignInServer;

/// <summary>The page on which users say who they are. It asks for no password, because it is for development on one machine only.</summary>
internal static class SignInPage
{
    public static string Write(string request, IEnumerable<string> users) => $$"""
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width">
          <title>Sign in</title>
          <style>
            body { font: 1rem/1.5 system-ui, sans-serif; background: #f3f4f6; color: #1f2937; display: grid; place-items: center; min-height: 100vh; margin: 0 }
            main { background: #fff; padding: 2rem 2.5rem; border-radius: .75rem; box-shadow: 0 1px 4px #0002; width: 18rem }
            h1 { font-size: 1.25rem; margin: 0 0 .25rem }
            p { margin: 0 0 1.25rem; color: #4b5563 }
            button { display: block; width: 100%; padding: .7rem; margin-top: .6rem; font: inherit; color: #fff; background: #1d4ed8; border: 0; border-radius: .5rem; cursor: pointer }
            button:hover { background: #1e40af }
          </style>
        </head>
        <body>
          <main>
            <h1>Sign in</h1>
            <p>Who are you?</p>
            <form method="post" action="/authorize">
              <input type="hidden" name="request" value="{{request}}">
              {{string.Concat(users.Select(user => $"<button name=\"user\" value=\"{user}\">{user}</button>"))}}
            </form>
          </main>
        </body>
        </html>
        """;
}
