import SimulatorAdmin

/// The storage's page: pictures, traffic, faults, journal.
enum StoragePage {
    /// - Parameter hubPage: where the page of a hub in the same process is; nil: there is none.
    static func page(hubPage: String?) -> AdminPage {
        let hubLink = hubPage.map { #"<a href="\#($0)">Message hub ↗</a>"# } ?? ""
        return AdminPage(
            markup: StoragePageMarkup.text.replacing("<!--HUB-->", with: hubLink),
            plan: StoragePageMarkup.plan,
            style: StoragePageStyle.text,
            script: StoragePageScript.text
        )
    }
}
