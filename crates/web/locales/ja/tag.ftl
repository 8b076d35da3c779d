audit-tag-saved = サイト用タグの設定を保存しました
problem-not-a-site = 「{ $value }」はサイトのURLではありません。例：https://www.example.co.jp
problem-no-routers-yet = ルーターはまだ選べません。予約ページか「何もしない」を選んでください。
problem-not-a-url-pattern = パスまたはURLを入力してください。例：/contact*
problem-not-a-parameter = パラメーター名に使えるのは半角英数字、ハイフン、アンダースコア、ピリオドです。例：utm_source
problem-not-a-domain = ドメインを入力してください。例：example.co.jp
problem-list-tag-goes-with-lists = リスト連携のタグのオンとオフは、Account Engagementリスト連携の画面で切り替えます。
