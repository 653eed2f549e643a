extension StringProtocol {
    /// The text without optional whitespace, which is spaces and tabs (`OWS`, RFC 9110 §5.6.3), at both ends.
    var trimmed: String {
        var scalars = Substring(self).unicodeScalars
        while let first = scalars.first, first == " " || first == "\t" { scalars.removeFirst() }
        while let last = scalars.last, last == " " || last == "\t" { scalars.removeLast() }
        return String(scalars)
    }
}
