import Crypto
import FoundationEssentials

/// The hub's page: one text, with everything that it needs in it.
enum HubPage {
    static let html = HubPageMarkup.text
        .replacing("/*STYLE*/", with: HubPageStyle.text)
        .replacing("/*SCRIPT*/", with: HubPageScript.text)

    /// What the content security policy lets run: these texts and no others.
    static let scriptHash = hash(HubPageScript.text)
    static let styleHash = hash(HubPageStyle.text)

    private static func hash(_ text: String) -> String {
        "sha256-" + Data(SHA256.hash(data: Array(text.utf8))).base64EncodedString()
    }
}
