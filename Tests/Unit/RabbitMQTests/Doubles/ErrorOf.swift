import MessageHub
import Testing

/// What a call throws; `nil` where it throws nothing.
func errorOf(_ call: () async throws -> Void) async -> HubError? {
    do {
        try await call()
        return nil
    } catch let error as HubError {
        return error
    } catch {
        Issue.record("expected a HubError: \(error)")
        return nil
    }
}
