import DeploymentSettings
import FoundationEssentials
import ImageFormats
import Launch

/// The settings of both commands, as the contract's table has them (§1).
package enum SettingKeys {
    package static let storageURL = Setting<String>.url(
        "STORAGE_SERVICE_URL",
        schemes: ["http", "https"],
        help: "base URL of the asset API; without it, storage's announcements on the hub say where it is"
    )
    package static let storageTimeoutMs = Setting<Int>.integer(
        "STORAGE_TIMEOUT_MS",
        takes: "MS",
        in: 1...600_000,
        default: 5000,
        help: "whole time one storage operation may take, retries included"
    )
    package static let host = Setting<String>.host("HOST", default: "127.0.0.1", help: "where HTTP listens")
    package static let port = Setting<Int>.port("PORT", default: 8000, help: "the HTTP port; 0 takes a free one")
    package static let publicURL = Setting<PublicURL>(
        "PUBLIC_URL",
        takes: "URL",
        defaultText: "the bound address",
        help: "what content.url starts with"
    ) { text throws(SettingProblem) in
        if let problem = PublicURL.problem(with: text) { throw SettingProblem(problem) }
        return PublicURL(setting: text)
    }
    package static let uploadBytesMax = Setting<Int>.integer(
        "MAX_UPLOAD_BYTES",
        takes: "BYTES",
        in: 1...1_073_741_824,
        default: 20_971_520,
        help: "one image file"
    )
    package static let imagePixelsMax = Setting<Int>.integer(
        "MAX_IMAGE_PIXELS",
        takes: "PIXELS",
        in: 1...10_000_000_000,
        default: 50_000_000,
        help: "width × height × frames of one image"
    )
    package static let imageFormats = Setting<Set<ImageFormat>>(
        "IMAGE_FORMATS",
        takes: "NAME,…",
        default: ImageLimits.defaultFormats,
        defaultText: "png,jpeg,gif,webp",
        help: "the formats that are let in; also known: avif, bmp, tiff"
    ) { text throws(SettingProblem) in
        var formats: Set<ImageFormat> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let name = part.filter { !$0.isWhitespace }
            guard let format = ImageFormat(name: name) else {
                let known = ImageFormat.allCases.map(\.rawValue).joined(separator: ", ")
                throw SettingProblem("must name formats out of \(known)")
            }
            formats.insert(format)
        }
        return formats
    }
    package static let inflightBytesMax = Setting<Int>.integer(
        "MAX_INFLIGHT_BYTES",
        takes: "BYTES",
        in: 1...1_099_511_627_776,
        default: 268_435_456,
        help: "upload and decode memory over all requests; past it: 503 OVERLOADED"
    )
    package static let tokens = Setting<APITokens>(
        "API_TOKENS",
        takes: "NAME:TOKEN:RIGHT,…|@FILE",
        defaultText: "open to everybody",
        isSecret: true,
        help: "who may use the API; RIGHT is read or write, and write includes read"
    ) { text throws(SettingProblem) in
        let entries = text.hasPrefix("@") ? try contents(of: String(text.dropFirst())) : text
        do throws(APITokens.Malformed) {
            return try APITokens(parsing: entries)
        } catch {
            throw SettingProblem(error.message)
        }
    }
    package static let corsOrigins = Setting<CORSOrigins>(
        "CORS_ORIGINS",
        takes: "ORIGIN,…|*",
        defaultText: "none",
        help: "origins whose pages may use the API from a browser"
    ) { text throws(SettingProblem) in
        do throws(CORSOrigins.Malformed) {
            return try CORSOrigins(parsing: text)
        } catch {
            throw SettingProblem(error.message)
        }
    }

    /// What both commands take.
    private static let common = [
        DeploymentSettings.exchange.description, DeploymentSettings.queue.description,
        DeploymentSettings.storageToken.description,
        storageTimeoutMs.description, host.description,
        port.description, publicURL.description, uploadBytesMax.description, imagePixelsMax.description,
        imageFormats.description, inflightBytesMax.description, tokens.description, corsOrigins.description,
    ]

    package static let run = [DeploymentSettings.hubURL.description, storageURL.description] + common
    package static let dev = common + DevSettings.all

    private static func contents(of path: String) throws(SettingProblem) -> String {
        guard let data = FileManager.default.contents(atPath: path), data.count <= 1 << 20,
            let text = String(validating: data, as: UTF8.self)
        else { throw SettingProblem("must name a file of UTF-8 text that can be read") }
        return text
    }
}

extension ServiceSettings {
    /// Reads what both commands take.
    package init(_ values: SettingValues) throws(UsageError) {
        self.init()
        topology.exchange = try values[DeploymentSettings.exchange]
        topology.queue = try values[DeploymentSettings.queue]
        knowsQueue = values.isSet(DeploymentSettings.queue) || !values.isSet(DeploymentSettings.exchange)
        storageToken = try values.optional(DeploymentSettings.storageToken)
        storageTimeout = .milliseconds(try values[SettingKeys.storageTimeoutMs])
        host = try values[SettingKeys.host]
        port = try values[SettingKeys.port]
        publicURL = try values.optional(SettingKeys.publicURL)
        uploadBytesMax = try values[SettingKeys.uploadBytesMax]
        imagePixelsMax = try values[SettingKeys.imagePixelsMax]
        imageFormats = try values[SettingKeys.imageFormats]
        inflightBytesMax = try values[SettingKeys.inflightBytesMax]
        tokens = try values.optional(SettingKeys.tokens)
        corsOrigins = try values.optional(SettingKeys.corsOrigins)
    }
}
