//! Lists in the console: made of a file, searched, replaced with faults by line, downloaded and deleted.

use crate::signed_in::Browser;
use crate::support::{Reply, Server};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::value::Language;
use domain::workspace::Role;
use encoding_rs::SHIFT_JIS;

/// Sends a form with a file, as browsers do.
async fn upload(browser: &Browser<'_>, path: &str, fields: &[(&str, &str)], file: &[u8]) -> Reply {
    let part = |name: &str, more: &str, value: &[u8]| {
        let head = format!("--xyz\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n");
        [head.as_bytes(), value, b"\r\n"].concat()
    };
    let mut body: Vec<u8> =
        fields.iter().flat_map(|(name, value)| part(name, "", value.as_bytes())).collect();
    body.extend(part("file", "; filename=\"list.csv\"", file));
    body.extend(b"--xyz--\r\n");
    let request = Request::post(path)
        .header(header::COOKIE, &browser.cookie)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=xyz");
    browser.server.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn list_is_imported_searched_replaced_downloaded_and_deleted() {
    let server = Server::start().await;
    let browser = server.browser(Role::Admin, Language::Japanese).await;
    let csrf = ("csrf", browser.csrf.as_str());
    let fields = [csrf, ("name", "重点顧客"), ("slug", "key"), ("kind", "assignments"), ("by", "email")];
    let text = "面談タイプ,メールアドレス,ユーザー\r\nsales/demo,taro@example.co.jp,suzuki@demo.example\r\n,jiro@example.co.jp,営業部\r\n";
    let (file, _, _) = SHIFT_JIS.encode(text);
    let foreign =
        upload(&browser, "/console/lists/new", &[("csrf", "wrong"), fields[2]], file.as_ref()).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN, "the form's token is needed");
    let made = upload(&browser, "/console/lists/new", &fields, file.as_ref()).await;
    assert_eq!(made.location(), "/console/lists/key?done=list-replaced", "{}", made.body);
    let again = upload(&browser, "/console/lists/new", &fields, file.as_ref()).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", again.body);
    let all = browser.get("/console/lists").await.body;
    assert!(all.contains("重点顧客") && all.contains("個別割当リスト") && all.contains("2行"), "{all}");
    let page = browser.get("/console/lists/key?value=Jiro@example.co.jp").await.body;
    assert!(page.contains("<a href=\"/console/lists\">リスト</a>"), "the way back: {page}");
    assert!(page.contains("3行目にあります") && page.contains("<td>sales/demo</td>"), "{page}");
    let page = browser.get("/console/lists/key?value=saburo@example.co.jp").await.body;
    assert!(page.contains("このリストにはありません"), "{page}");

    let faulty = "taro@example.co.jp,gone@demo.example\n\"<b>\",\n";
    let refused = upload(&browser, "/console/lists/key", &[csrf], faulty.as_bytes()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.body.contains("1行目：「gone@demo.example」はメンバーではありません"),
        "{}",
        refused.body
    );
    assert!(refused.body.contains("2行目：") && !refused.body.contains("<b>"), "{}", refused.body);
    let partly = "taro@example.co.jp,sato@demo.example\nbroken,\n";
    let skipped = [csrf, ("skip_faulty", "on")];
    let left_out = upload(&browser, "/console/lists/key", &skipped, partly.as_bytes()).await;
    assert_eq!(left_out.status, StatusCode::OK);
    assert!(left_out.body.contains("誤りのある1行を除いて取り込みました"), "{}", left_out.body);

    let file = browser.get("/console/lists/key/file.csv").await;
    assert_eq!(file.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    let expected =
        "\u{feff}\"値\",\"ユーザー\",\"面談タイプ\"\r\n\"taro@example.co.jp\",\"sato@demo.example\",\"\"\r\n";
    assert_eq!(file.body, expected);
    let same = upload(&browser, "/console/lists/key", &[csrf], file.body.as_bytes()).await;
    assert_eq!(same.status, StatusCode::SEE_OTHER, "what was downloaded can be imported: {}", same.body);

    let viewer = server.browser(Role::Contributor, Language::English).await;
    let seen = viewer.get("/console/lists/key").await.body;
    assert!(seen.contains("Is it on the list?") && !seen.contains("Delete the list"), "{seen}");
    let page = browser.get("/console/lists/key").await.body;
    assert!(
        page.contains("リスト「重点顧客」と1行をすべて削除します。元に戻せません。"),
        "it is asked first: {page}"
    );
    assert_eq!(
        browser.post("/console/lists/key/remove", &[]).await.location(),
        "/console/lists?done=removed"
    );
    assert_eq!(browser.get("/console/lists/key").await.status, StatusCode::NOT_FOUND);
}
