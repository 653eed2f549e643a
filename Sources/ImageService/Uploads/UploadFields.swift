import HubProtocol
import Multipart

/// The check of an upload's fields: each there once, a file where a file belongs and text where text belongs.
package enum UploadFields {
    /// The names of the text fields of a new image.
    package static let labels = ["type", "subtype", "name", "theme"]

    /// The labels of a new image, trimmed. Throws every mistake, those of the file's part included.
    package static func labels(of form: UploadForm) throws(ValidationFailure) -> ImageLabels {
        var errors = fileErrors(in: form)
        func text(_ name: String) -> String {
            do {
                return try UploadFields.text(form.parts[name])
            } catch {
                errors.append(FieldError(["body", name], error))
                return ""
            }
        }
        let labels = ImageLabels(
            type: text("type"),
            subtype: text("subtype"),
            name: text("name"),
            theme: text("theme")
        )
        if !errors.isEmpty { throw ValidationFailure(errors) }
        return labels
    }

    /// Checks that the form has one file.
    package static func requireFile(in form: UploadForm) throws(ValidationFailure) {
        let errors = fileErrors(in: form)
        if !errors.isEmpty { throw ValidationFailure(errors) }
    }

    private static func fileErrors(in form: UploadForm) -> [FieldError] {
        let parts = form.parts[UploadForm.fileName]
        let fault: FieldFault? =
            switch parts.count {
            case 0: .missing
            case 1: parts[0].headers.filename == nil ? .notFile : nil
            default: .repeated
            }
        return fault.map { [FieldError(["body", UploadForm.fileName], $0)] } ?? []
    }

    private static func text(_ parts: [FormPart]) throws(FieldFault) -> String {
        guard let part = parts.first else { throw .missing }
        guard parts.count == 1 else { throw .repeated }
        guard part.headers.filename == nil else { throw .notText }
        if case .overlongField = part.content { throw .tooLong(lengthMax: ProtocolLimits.textLengthMax) }
        let text: String?
        do {
            text = try part.text()
        } catch {
            throw .badEncoding
        }
        guard let text else { preconditionFailure("Cannot read the part \(part.name), which was asked for as a field") }
        return try FieldText.trimmed(text)
    }
}
