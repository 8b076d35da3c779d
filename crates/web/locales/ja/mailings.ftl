# 一斉メール

nav-mailings = 一斉メール
nav-words-mailings = 一斉メール メール配信 メルマガ 配信停止 顧客 mailings broadcast newsletter email unsubscribe
column-mailing = 一斉メール

mailings-none = 一斉メールはまだありません
mailings-none-text = 顧客データベースの顧客に、差し込み項目を使ったメールを送信できます。
mailing-no-server = メールサーバーが設定されていないため、送信できません。作成とプレビューはできます。サーバーの管理者に、SMTP_URLの設定を依頼してください。
mailing-settings-missing = 特定電子メール法で定められた表示事項が足りないため、送信を開始できません。
mailing-tried = 送信済み

mailing-new-title = 一斉メールの作成
mailing-create = 下書きを作成
mailing-name = 名前
mailing-name-hint = 管理画面での呼び名です。受信者には表示されません。
mailing-audience = 宛先
mailing-audience-everyone = メールアドレスのある顧客すべて
mailing-audience-of-segment = セグメント：{ $name }
mailing-audience-hint = 配信停止の顧客と、届かないことが分かっているメールアドレスには送信しません。宛先は送信の開始時に確定します。
mailing-language = 言語
mailing-language-hint = 末尾に付く表示事項と、配信停止ページの言語です。
mailing-subject = 件名
mailing-text = テキスト本文
mailing-text-hint = 差し込み項目：{ $placeholders }。送信者の表示と配信停止リンクは、末尾に自動で付きます。
mailing-html = HTML本文
mailing-html-hint = 空欄の場合は、テキスト本文だけを送信します。差し込んだ値はHTMLとして解釈されません。

mailing-state-draft = 下書き
mailing-state-scheduled = 送信予約
mailing-state-sending = 送信中
mailing-state-paused = 一時停止
mailing-state-finished = 送信完了
mailing-state-canceled = 中止
mailing-recipient-queued = 送信待ち
mailing-recipient-sending = 送信中
mailing-recipient-sent = 送信済み
mailing-recipient-deferred = 再送待ち
mailing-recipient-failed = 送信エラー
mailing-recipient-unknown = 結果不明
mailing-recipient-suppressed = 対象外
mailing-skip-opted_out = 配信停止の顧客です。
mailing-skip-bounced = 過去にメールが届かなかったメールアドレスです。
mailing-skip-complained = 迷惑メールとして報告されたメールアドレスです。
mailing-skip-gone = 顧客が削除されたか、メールアドレスが変更されました。
mailing-bounce-hard = 宛先に届きませんでした。
mailing-bounce-soft = 一時的な理由で届きませんでした。
mailing-bounce-complaint = 迷惑メールとして報告されました。
mailing-pause-asked = 一時停止しています。
mailing-pause-bounces = 届かなかったメールが5%を超えたため、自動的に一時停止しました。宛先を確認してから再開してください。
mailing-pause-complaints = 迷惑メールの報告が0.1%を超えたため、自動的に一時停止しました。宛先と内容を確認してから再開してください。
mailing-pause-audience = 宛先のセグメントを集計できないため、自動的に一時停止しました。セグメントの条件を直してから再開してください。
mailing-not-now = 「{ $state }」のため、この操作はできません。

mailing-test-title = テスト送信
mailing-test-text = 見本の値を差し込んで、1つのメールアドレスに送信します。保存済みの内容を使います。
mailing-test-address = 送信先のメールアドレス
mailing-test-send = テスト送信
mailing-test-result = テスト送信の結果
mailing-start-title = 送信
mailing-start-text = 開始すると宛先が確定し、内容は変更できません。保存済みの内容を使います。
mailing-start-now = 今すぐ送信を開始
mailing-start-later = 送信を予約
mailing-start-at = 開始日時
mailing-start-at-hint = タイムゾーン：{ $zone }
mailing-scheduled-at = 開始予定
mailing-started-at = 開始
mailing-finished-at = 終了
mailing-progress = 送信状況
mailing-recipients = 宛先
mailing-recipients-none = 該当する宛先はありません。
mailing-all = すべて
mailing-more = 次のページ
mailing-answer = 詳細
mailing-next-try = 次の送信：{ $when }
mailing-bounced = 届かなかったメール
mailing-complained = 迷惑メールの報告
mailing-pause = 一時停止
mailing-resume = 再開
mailing-cancel = 中止
done-mailing-started = 送信を受け付けました。

mailing-preview = プレビュー
mailing-preview-email = 顧客のメールアドレス
mailing-preview-show = この顧客で表示
mailing-preview-nobody = このメールアドレスの顧客はいません。見本の値で表示しています。
mailing-preview-html-text = 外部の画像は表示しません。見た目はテスト送信でも確認してください。
mailing-sample-email = taro@sample.example
mailing-sample-last_name = 山田
mailing-sample-first_name = 太郎
mailing-sample-company = サンプル株式会社
mailing-sample-title = 部長
mailing-sample-phone = 03-1234-5678

mailing-footer-sender = 送信者
mailing-footer-address = 住所
mailing-footer-contact = お問い合わせ・苦情の受付先
mailing-footer-refuse = メールの配信停止はこちら

mail-settings = メール配信の設定
mail-legal = 表示事項
mail-legal-text = 特定電子メール法により、すべての一斉メールの末尾に表示します。配信停止の受付先には、受信者ごとのリンクが入ります。
mail-sender-name = 送信者の氏名または名称
mail-postal-address = 送信者の住所
mail-contact = お問い合わせ・苦情の受付先
mail-contact-hint = 電話番号、メールアドレス、URLのいずれかです。
mail-sending = 送信
mail-sending-text = DKIM署名は、送信に使うメールサーバーで設定してください。
mail-sender = 送信元：{ $address }
mail-reply-to = 返信先
mail-reply-to-hint = 空欄の場合は、送信元に返信されます。
mail-unsubscribe-address = 配信停止を受け付けるメールアドレス
mail-unsubscribe-address-hint = 任意です。List-Unsubscribeヘッダーに、リンクと並べて記載します。届いたメールは処理しません。
mail-per-second = 1秒あたりの送信数
mail-per-domain-second = 1つのドメインへの1秒あたりの送信数
mail-pace-hint = メールサーバーが混雑を知らせた場合は、自動的に遅くします。
mail-reports = 不達と苦情の受信
mail-reports-text = メール配信サービスのWebhookの送信先に、次のURLを指定してください。
mail-reports-secret = このURLを知っている人は、不達を登録できます。ほかの人に知らせないでください。

unsubscribe-title = メールの配信停止
unsubscribe-question = { $address }へのメールの配信を停止しますか？
unsubscribe-question-of = { $sender }から{ $address }へのメールの配信を停止しますか？
unsubscribe-submit = 配信を停止する
unsubscribe-done = { $address }へのメールの配信を停止しました。
unsubscribe-undo-text = 誤って停止した場合は、元に戻せます。
unsubscribe-undo = 配信停止を取り消す
unsubscribe-resumed = { $address }への配信停止を取り消しました。
unsubscribe-test = これはテスト送信のリンクです。配信停止は行われません。

person-change-origin-mail = メールの配信停止リンク

problem-unknown-person-placeholder = { $line }行目：{ "{{" }{ $value }{ "}}" }という差し込み項目はありません。
problem-mailing-placeholder-open = { $line }行目：{ "{{" }が閉じられていません。
problem-mailing-html-element = HTML本文に<{ $value }>は使えません。
problem-mailing-html-open = HTML本文の「{ $value }」が閉じられていません。
problem-mail-setting-missing = メール配信の設定で「{ $setting ->
    [sender_name] 送信者の氏名または名称
    [postal_address] 送信者の住所
   *[contact] お問い合わせ・苦情の受付先
}」を入力してください。
problem-mail-setting-braces = { "{{" }は使えません。
problem-mailing-no-such-segment = このセグメントはありません。
problem-mailing-segment-broken = セグメント「{ $value }」の条件に誤りがあるため、宛先にできません。
problem-no-such-person = この顧客はいません。

api-mailing-state = 一斉メールの現在の状態では、この操作はできません
api-mailing-state-detail = GET /mailings/{ "{" }id{ "}" }で状態を確認してください。内容の変更と開始は下書きだけ、再開は一時停止中だけです。
api-mailing-changed = 一斉メールがほかの人によって変更されています
api-mailing-changed-detail = GET /mailings/{ "{" }id{ "}" }で読み直してから、もう一度保存してください。
api-mail-no-server = メールサーバーが設定されていません
api-mail-no-server-detail = サーバーの管理者に、SMTP_URLの設定を依頼してください。

audit-mailing-created = 一斉メール「{ $name }」を作成しました
audit-mailing-saved = 一斉メール「{ $name }」を変更しました
audit-mailing-started = 一斉メール「{ $name }」の送信を開始しました
audit-mailing-scheduled = 一斉メール「{ $name }」の送信を予約しました
audit-mailing-paused = 一斉メール「{ $name }」を一時停止しました
audit-mailing-resumed = 一斉メール「{ $name }」を再開しました
audit-mailing-canceled = 一斉メール「{ $name }」を中止しました
audit-mailing-tested = 一斉メール「{ $name }」を{ $address }にテスト送信しました
audit-mail-settings-saved = メール配信の設定を変更しました
