/// The fields of the content that a version has, in the order of the document.
enum ContentFields {
    /// Those that a request has to have.
    static let needed = ["url", "format", "width", "height", "size"]
    static let all = needed + ["sha256"]
}
