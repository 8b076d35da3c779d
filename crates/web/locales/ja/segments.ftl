# セグメント

nav-segments = セグメント
nav-words-segments = セグメント 絞り込み 配信リスト 抽出 segments audience filter

segments-none = セグメントはまだありません
segments-none-text = 顧客の項目や行動の条件で、対象となる顧客を絞り込みます。
segment-new-title = セグメントを作成
segment-title = セグメント
segment-name = セグメント名
segment-condition = 条件
segment-broken = 条件に問題があります
segment-more-terms = ほか{ $count }件

segment-count-title = 対象の顧客
segment-count = { $count }人
segment-mailable = （うちメールを送れる顧客：{ $count }人）
segment-count-text = 現在の条件で数えています。メールを送れるのは、メールアドレスがあり、配信停止ではない顧客です。
segment-count-preparing = 新しく使う項目の準備中です。しばらくしてから開き直してください。
segment-count-unknown = 条件に問題があるため、人数は分かりません。
segment-recount = 人数を確認

segment-groups-text = いずれかのグループにあてはまる顧客が対象です。
segment-group = グループ{ $number }
segment-group-text = このグループの条件をすべて満たす顧客があてはまります。
segment-add-what = 追加する条件
segment-add = 条件を追加
segment-add-group = グループを追加
segment-remove-group = グループを削除
segment-not-text = 「等しくない」「次のいずれでもない」「していない」の条件には、値が空の顧客も含まれます。英字の大文字と小文字、全角と半角は区別しません。日付はワークスペースのタイムゾーンで数え、「過去n日間」には今日を含みます。

segment-fact-form = フォームの送信
segment-fact-page = 予約
segment-fact-visit = サイトへの訪問
segment-fact-campaign = キャンペーン
segment-fact-list = リスト
segment-fact-segment = ほかのセグメント
segment-fact-sync = 同期の状態
segment-which-form = フォーム
segment-which-page = 予約ページ
segment-which-campaign = キャンペーンID
segment-which-list = リスト
segment-which-segment = セグメント
segment-which-sync = 状態
segment-fact-yes = あてはまる
segment-fact-no = あてはまらない
segment-answer = 判定
segment-any = すべて
segment-choose = 選択してください
segment-days = 過去の日数
segment-days-hint = 今日と、その前の日数です。空欄の場合は期間を問いません。

segment-remove-title = セグメントを削除
segment-remove-text = 顧客は削除されません。
segment-remove-confirm = 「{ $name }」を削除します。元に戻せません。

segment-people-title = 対象の顧客
segment-people-choose = 絞り込みでセグメントを選択してください。
filter-segment = セグメント
column-person-opted-out = 配信停止
list-search-segment-people = 検索
list-none-segment-people = 対象の顧客はいません
list-none-text-segment-people = セグメントを選択すると、対象の顧客を表示します。

segment-why-title = 対象になる理由
segment-why-text = メールアドレスを入力すると、その顧客が対象かどうかを条件ごとに確認できます。
segment-why-email = 顧客のメールアドレス
segment-why-submit = 確認
segment-why-nobody = このメールアドレスの顧客はいません。
segment-why-in = この顧客はセグメントの対象です
segment-why-out = この顧客はセグメントの対象ではありません
segment-why-value = 顧客の値：{ $value }
segment-term-holds = 満たす
segment-term-fails = 満たさない

problem-segment-empty = グループを1つ以上追加してください。
problem-segment-group-empty = 条件を1つ以上追加するか、グループを削除してください。
problem-segment-too-many-terms = 条件は、参照するセグメントの分を含めて{ $max }件までです。
problem-segment-too-many-fields = すべてのセグメントで使える顧客項目は合わせて{ $max }個までです。
problem-segment-too-many = セグメントは{ $max }件まで作成できます。
problem-segment-operator-unfit = この項目では使えない比較方法です。使えるのは { $names } です。
problem-no-such-form = フォーム「{ $value }」はありません。
problem-no-such-segment = セグメント「{ $value }」はありません。
problem-segment-no-such-campaign = キャンペーン「{ $value }」を使うフォームや予約の設定はありません。
problem-segment-no-such-list = メールアドレスのリスト「{ $value }」はありません。
problem-segment-no-such-state = 同期の状態「{ $value }」はありません。
problem-segment-cycle = セグメント「{ $value }」は、このセグメントを条件に使っています。
problem-segment-broken = セグメント「{ $value }」の条件に問題があります。先にそのセグメントを修正してください。
problem-segment-too-deep = セグメントの参照は{ $max }段までです。
problem-segment-in-use = ほかのセグメントやルーターが使っているため、削除できません：{ $names }

api-segment-preparing = セグメントの準備中です
api-segment-preparing-detail = 新しく比較する項目の値を準備しています。しばらくしてからもう一度お試しください。

audit-segment-created = セグメント「{ $name }」を作成しました
audit-segment-changed = セグメント「{ $name }」を変更しました
audit-segment-removed = セグメント「{ $name }」を削除しました

step-route-in-segment = セグメント「{ $list }」の対象です。
