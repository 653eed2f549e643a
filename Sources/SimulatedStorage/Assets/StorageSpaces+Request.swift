import HTTPServing
import HTTPTypes
import Hummingbird

extension StorageSpaces {
    /// The space that the request's `X-Sim-Namespace` names. Throws 422 `VALIDATION_ERROR` where there can be none.
    func space(of request: Request) throws(APIError) -> StorageSpace {
        do throws(NamespaceError) {
            guard let name = request.headers[.simNamespace] else { return standard }
            guard !name.isEmpty else { throw NamespaceError.invalid }
            return try space(name)
        } catch {
            throw APIError(.unprocessableContent, "VALIDATION_ERROR", "\(StorageSpace.header) \(error).")
        }
    }
}

extension HTTPField.Name {
    /// `X-Sim-Namespace`
    fileprivate static let simNamespace = HTTPField.Name(StorageSpace.header)!
    /// `X-Operation-ID`
    static let operationID = HTTPField.Name("X-Operation-ID")!
}
