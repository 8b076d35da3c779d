audit-tag-saved = Saved the website tag
problem-not-a-site = “{ $value }” is not a website. Example: https://www.example.co.jp
problem-no-routers-yet = Routers can’t be chosen yet. Choose a booking page, or nothing.
problem-not-a-url-pattern = Enter a path or a URL. Example: /contact*
problem-not-a-parameter = Parameter names have only letters, digits, hyphens, underscores and dots. Example: utm_source
problem-not-a-domain = Enter a domain. Example: example.co.jp
problem-list-tag-goes-with-lists = The list tag is switched on and off under Account Engagement lists.
