//! Settings: one row for each name of a workspace, in the form that earlier versions stored.

use crate::support::{NOW, workspace};
use domain::company::CompanyImport;
use domain::delivery::SalesforceSettings;
use domain::synced_fields::SyncedFields;
use storage::testing::TestDatabase;
use storage::workspace::settings;
use storage::workspace::settings::{CompanyImportDraft, KnownLists};

mod both {
    crate::on_both!(settings_are_found_as_saved);
}

async fn settings_are_found_as_saved(test: TestDatabase) {
    let workspace = workspace(&test.database, "w").await;
    let read = test.database.read();
    let found: SyncedFields = settings::find(&read, workspace).await.unwrap();
    assert_eq!(found, SyncedFields::default(), "nothing was saved");

    let lists = KnownLists { business_unit_id: "0Uv000000000001".to_owned(), lists: Vec::new() };
    let import = CompanyImport { every_hours: 7, ..CompanyImport::default() };
    let draft = CompanyImportDraft(Some(import.clone()));
    let write = test.database.write().await.unwrap();
    settings::save(&write, workspace, &lists, NOW).await.unwrap();
    settings::save(&write, workspace, &SalesforceSettings::default(), NOW).await.unwrap();
    settings::save(&write, workspace, &draft, NOW).await.unwrap();
    settings::save(&write, workspace, &draft, NOW).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(settings::find::<KnownLists>(&read, workspace).await.unwrap(), lists);
    assert_eq!(settings::find::<CompanyImportDraft>(&read, workspace).await.unwrap(), draft);
    let names = test.texts("SELECT name AS text FROM settings ORDER BY name").await;
    assert_eq!(names, ["company_import_draft", "engagement_known_lists", "salesforce"]);
    let body = test.texts("SELECT body AS text FROM settings WHERE name = 'company_import_draft'").await;
    assert_eq!(body, [serde_json::to_string(&import).unwrap()], "the import itself, without a wrapper");

    let write = test.database.write().await.unwrap();
    settings::save_company_import(&write, workspace, &import, NOW).await.unwrap();
    settings::forget::<SalesforceSettings>(&write, workspace).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(settings::find::<CompanyImport>(&read, workspace).await.unwrap(), import);
    let names = test.texts("SELECT name AS text FROM settings ORDER BY name").await;
    assert_eq!(names, ["company_import", "engagement_known_lists"], "the draft is done with");
}
