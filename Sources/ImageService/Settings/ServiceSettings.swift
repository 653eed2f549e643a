import HubProtocol
import ImageFormats

/// The settings of the service (contract §1), read and checked. The defaults are the contract's.
package struct ServiceSettings: Sendable {
    /// Bearer token for the asset API.
    package var storageToken: String?
    /// The whole time one storage operation may take, retries included.
    package var storageTimeout = Duration.milliseconds(5000)
    /// Names on the hub.
    package var topology = Topology()
    /// Whether the topology's queue is storage's: not where only the exchange is set, which says that this deployment has
    /// other names than the usual ones.
    package var knowsQueue = true
    /// Where HTTP listens.
    package var host = "127.0.0.1"
    /// 0: a free one.
    package var port = 8000
    /// What URLs in answers start with; `nil`: the bound address.
    package var publicURL: PublicURL?
    /// Bytes of one image file.
    package var uploadBytesMax = 20_971_520
    /// Width × height × frames.
    package var imagePixelsMax = 50_000_000
    /// The formats that are let in.
    package var imageFormats = ImageLimits.defaultFormats
    /// Upload and decode memory over all requests.
    package var inflightBytesMax = 268_435_456
    /// `nil`: open to everybody.
    package var tokens: APITokens?
    /// `nil`: no other origins.
    package var corsOrigins: CORSOrigins?

    package init() {}

    /// What an image may be and may cost.
    package var imageLimits: ImageLimits {
        ImageLimits(formats: imageFormats, pixelsMax: imagePixelsMax, memoryMaxBytes: inflightBytesMax)
    }
}
