nav-companies = 企業データ連携

audit-company-import-saved = 企業データ連携の設定を保存しました（{ $object }）
audit-company-import-stopped = 企業データ連携を停止しました

problem-no-such-field = { $on }に項目「{ $value }」はありません。{ $hint }
problem-no-such-lookup = { $on }に参照項目「{ $value }」はありません。{ $hint }
problem-child-list = 「{ $value }」は{ $on }の関連リストです。親レコードの項目だけを指定できます。
problem-object-hidden = 連携ユーザに{ $on }が表示されません。プロファイルまたは権限セットをご確認ください。
problem-unsupported-type = 「{ $value }」の型には対応していません。別の項目を選んでください。
problem-lookup-only = 「{ $value }」は参照項目で、ID しか取得できません。{ $hint }
problem-unfilterable = 「{ $value }」は条件に使えない項目です。別の項目を選んでください。
problem-operator-unfit = この比較方法は{ $comparable }の項目には使えません。使えるもの：{ $names }
problem-from-and-to = 開始と終了の 2 つを指定してください。
problem-days-reversed = 終了日は開始日以降の日付にしてください。
problem-not-a-day = 「{ $value }」は日付として読み取れません。例：2026-05-22
problem-not-a-whole-number = 整数で入力してください。
problem-not-true-or-false = true または false で指定してください。
problem-not-an-id = 「{ $value }」はレコード ID ではありません。15 桁または 18 桁の ID か、レコードのページのアドレスを入力してください。
problem-company-kind-fixed = すでに使われている項目のため、データ型（{ $kind }）は変更できません。
problem-company-kind-unfit = 「{ $value }」（{ $type }）は、データ型が「{ $company-kind }」の項目には取り込めません。
problem-no-such-company-field = 会社の項目「{ $value }」がありません。
problem-mapped-twice = 会社の項目「{ $value }」には、すでに別の項目が対応しています。
problem-unknown-object = 対象オブジェクトは { $names } のどちらかを指定してください。
problem-unknown-choice = 「{ $value }」は指定できません。指定できるもの：{ $names }

comparable-text = テキスト
comparable-number = 数値
comparable-whole-number = 整数
comparable-day = 日付
comparable-moment = 日付/時間
comparable-option = 選択リスト
comparable-options = 選択リスト（複数選択）
comparable-flag = チェックボックス
comparable-reference = 参照

company-kind-text = テキスト
company-kind-long_text = ロングテキスト
company-kind-number = 数値
company-kind-date = 日付
company-kind-date_time = 日付/時間
company-kind-checkbox = チェックボックス
company-kind-picklist = 選択リスト
company-kind-multi_picklist = 選択リスト（複数選択）
company-kind-url = URL
company-kind-phone = 電話
company-kind-email = メール
