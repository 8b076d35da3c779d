# 顧客データ同期

run-kind-people_sync = 顧客データ同期
feature-people_sync = 顧客データ同期
filter-kind-people_sync = 顧客データ同期
notice-people-failed = 顧客データ同期に失敗しました。実行履歴で理由を確認してください。
notice-people-stopped = 顧客データ同期を停止しました。
notice-people-finished = 顧客データ同期が完了しました（{ $rows }件を読み込みました）。
notice-people-left-out = 顧客データ同期で、取得できない項目を除いて続けました：{ $fields }

people-sync-off-text = 顧客データ同期がオフになっています。開始してから、もう一度お試しください。
api-people-sync-off = 顧客データ同期がオフになっています
api-people-sync-off-detail = POST /people-sync/startで開始してから、もう一度呼び出してください。
api-people-email-unmapped = メールアドレスの連携項目がありません
api-people-email-unmapped-detail = PUT /person-fieldsで、emailにリードと取引先責任者の両方の項目を指定してください。
api-conflict-undone = この値はすでに元に戻されています
api-conflict-undone-detail = GET /people-sync/conflictsで現在の状態を確認してください。
api-conflict-address-taken = このメールアドレスはほかの顧客が使っています
api-conflict-address-taken-detail = 先にほかの顧客のメールアドレスを変更してください。値は変更していません。

person-field-email = メールアドレス
person-field-last_name = 姓
person-field-first_name = 名
person-field-company = 会社名
person-field-title = 役職
person-field-phone = 電話番号

problem-person-field-email-missing = 「email」の項目は削除できません。同期をやめるには、連携項目を外してください。
problem-no-such-person-field = 「{ $value }」という顧客項目はありません。
problem-not-a-person-field = 顧客項目として読み取れません：{ $reason }

step-people-switched-off = 顧客データ同期がオフになったため、停止しました。
step-people-email-unmapped = メールアドレスの連携項目がないため、同期できません。顧客項目の設定で、リードと取引先責任者の両方の項目を選択してください。
step-people-nothing-visible = リードと取引先責任者のどちらも、連携ユーザーに表示されていません。オブジェクトとメールアドレスの参照権限を確認してください。権限が戻ると、自動的に再開します。
step-people-not-a-date = 「{ $value }」は日付として同期できません。yyyy-mm-ddの形式で入力してください。
step-people-required = Salesforceで必須の項目が空です。値を入力してください。
step-people-not-an-email = 「{ $value }」はメールアドレスではありません。
step-people-wrong-type = 「{ $value }」は、連携先の項目の種類に合いません。
step-people-not-true-or-false = 「{ $value }」は同期できません。trueまたはfalseと入力してください。
step-people-not-an-option = 「{ $value }」は、Salesforceの選択リストにありません。選択リストに追加するか、値を変更してください。
step-people-not-a-number = 「{ $value }」は数値ではありません。
step-people-not-a-whole-number = 「{ $value }」は整数ではありません。
step-people-out-of-range = 「{ $value }」は桁数が多すぎて、Salesforceの項目に入りません。
step-people-too-long = 「{ $value }」は長すぎて、Salesforceの項目に入りません。
step-people-email-cleared = メールアドレスが空のため、Salesforceには書き込みません。レコードの相手が分からなくなるためです。
step-people-email-cleared-there = Salesforceでメールアドレスが空になりました。この顧客のメールアドレスは残しています。
step-people-email-taken = Salesforceで「{ $value }」に変更されましたが、このメールアドレスはほかの顧客が使っています。どちらかを変更してください。
step-people-email-taken-there = 「{ $value }」は、Salesforceの別のレコード（{ $record }）が使っています。メールアドレスは書き込んでいません。
step-people-always-changed = Salesforce側で毎回書き換えられるため、この項目の書き戻しをやめました。編集すると再開します。
step-people-required-missing = Salesforceの必須項目が足りません：{ $detail }
step-people-duplicate-rule = Salesforceの重複ルールにより、リードを作成できませんでした：{ $detail }
step-people-required-unmapped = リードの必須項目「{ $field }」に、顧客項目が割り当てられていません。
step-people-refused = Salesforceが受け付けませんでした（{ $code }）：{ $detail }

audit-person-fields-changed = 顧客項目を変更しました
audit-people-sync-changed = 顧客データ同期の設定を変更しました
audit-people-sync-started = 顧客データ同期を開始しました（{ $mode ->
    [everything] すべての顧客データ
   *[other] 今後の変更
}）
audit-people-sync-stopped = 顧客データ同期を停止しました
audit-person-retried = 顧客（{ $person }）の再同期を予約しました
audit-person-conflict-undone = 顧客（{ $person }）の項目「{ $field }」を、採用されなかった値に戻しました
