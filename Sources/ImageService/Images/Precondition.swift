import HTTPServing
import HTTPTypes
import HubProtocol
import Hummingbird

extension StorageClient {
    /// Holds a request's `If-Match` against the image as it is now (RFC 9110 §13.1.1) and returns that record; `nil`
    /// where the request has no `If-Match`, or takes any state (`*`, which the operation itself finds out).
    ///
    /// The protocol can only hold on to a version, and only when a new one is made; between this look and a change of
    /// labels somebody else may have been quicker.
    package func precondition(
        of request: Request,
        on imageID: String,
        trace: TraceContext?,
        deadline: Deadline
    ) async throws -> ImageRecord? {
        guard let condition = EntityTagCondition(.ifMatch, in: request.headers), condition != .any else { return nil }
        let record = try await image(imageID, trace: trace, deadline: deadline)
        guard RecordTag(record).matches(condition) else { throw ErrorTable.preconditionFailed }
        return record
    }
}
