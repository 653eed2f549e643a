import SimulatorAdmin

/// The hub's page.
enum HubPage {
    static let page = AdminPage(markup: HubPageMarkup.text, plan: HubPageMarkup.plan, script: HubPageScript.text)
}
