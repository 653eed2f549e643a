import HTTPServing
import HTTPTypes
import HubProtocol
import ImageService
import Testing

@Suite struct ErrorTableTests {
    struct Row: Sendable {
        var trouble: StorageTrouble
        var status: Int
        var code = "STORAGE_ERROR"
        var reason: String?
        var storageCode: String? = nil
        var hasRetryAfter = false
    }

    static func rejected(_ code: StorageErrorCode) -> StorageTrouble {
        .rejected(code: code.rawValue, message: "inside")
    }

    @Test(arguments: [
        Row(trouble: rejected(.imageNotFound), status: 404, code: "IMAGE_NOT_FOUND"),
        Row(trouble: rejected(.versionNotFound), status: 404, code: "VERSION_NOT_FOUND"),
        Row(trouble: rejected(.versionConflict), status: 412, code: "PRECONDITION_FAILED"),
        Row(trouble: rejected(.storageFull), status: 503, reason: "full", hasRetryAfter: true),
        Row(trouble: rejected(.assetNotFound), status: 502, reason: "rejected", storageCode: "ASSET_NOT_FOUND"),
        Row(trouble: rejected(.validationError), status: 502, reason: "rejected", storageCode: "VALIDATION_ERROR"),
        Row(trouble: rejected(.unknownOperation), status: 502, reason: "rejected", storageCode: "UNKNOWN_OPERATION"),
        Row(trouble: rejected(.operationConflict), status: 502, reason: "rejected", storageCode: "OPERATION_CONFLICT"),
        Row(trouble: rejected(.internalError), status: 502, reason: "rejected", storageCode: "INTERNAL_ERROR"),
        Row(
            trouble: .rejected(code: "BRAND_NEW", message: "inside"),
            status: 502,
            reason: "rejected",
            storageCode: "BRAND_NEW"
        ),
        Row(trouble: .invalidResponse("inside"), status: 502, reason: "invalid_response"),
        Row(trouble: .unavailable("inside"), status: 503, reason: "unavailable", hasRetryAfter: true),
        Row(trouble: .cancelled, status: 503, reason: "unavailable", hasRetryAfter: true),
        Row(trouble: .timedOut, status: 504, reason: "timeout"),
    ])
    func storagesTroublesAreToldApart(_ row: Row) throws {
        let error = try #require(ErrorTable.apiError(for: StorageFault(row.trouble, operationID: "op-9")))
        #expect(error.status.code == row.status)
        #expect(error.code == row.code)
        #expect(error.details["operation_id"] == "op-9")
        #expect(error.details["reason"]?.string == row.reason)
        #expect(error.details["storage_code"]?.string == row.storageCode)
        #expect((error.headers[.retryAfter] != nil) == row.hasRetryAfter)
        #expect(!String(decoding: error.body, as: UTF8.self).contains("inside"))
    }

    @Test func everyCodeOfStorageHasItsRow() {
        for code in StorageErrorCode.allCases {
            #expect(ErrorTable.apiError(for: StorageFault(Self.rejected(code), operationID: "op")) != nil)
        }
    }

    @Test func validationTellsEveryMistake() throws {
        let failure = ValidationFailure([
            FieldError(["body", "name"], .missing), FieldError(["body", "type"], .tooShort),
        ])
        let error = try #require(ErrorTable.apiError(for: failure))
        #expect(error.status.code == 422)
        #expect(error.code == "VALIDATION_ERROR")
        #expect(error.details["errors"]?.array?.count == 2)
    }

    @Test func tooMuchAtOnceIsOverloaded() throws {
        let error = try #require(ErrorTable.apiError(for: MemoryBudget.Exceeded()))
        #expect(error.status.code == 503)
        #expect(error.code == "OVERLOADED")
        #expect(error.headers[.retryAfter] == "1")
    }

    @Test func othersErrorsAreLeftToOthers() {
        struct Other: Error {}
        #expect(ErrorTable.apiError(for: Other()) == nil)
    }
}
