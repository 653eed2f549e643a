import SimulatorAdmin

/// The hub's page.
enum HubPage {
    static let page = AdminPage(markup: HubPageMarkup.text, script: HubPageScript.text)
}
