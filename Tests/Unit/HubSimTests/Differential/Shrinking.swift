/// Delta debugging (Zeller and Hildebrandt 2002, `ddmin`): takes out of a list whatever is not needed for it to fail.
struct Shrinking<Element> {
    /// - Parameter fails: whether a shorter list still fails.
    /// - Returns: a list from which no single element can be taken.
    func shrink(_ elements: [Element], _ fails: ([Element]) async throws -> Bool) async rethrows -> [Element] {
        var elements = elements
        var size = max(1, elements.count / 2)
        while true {
            var hasShrunk = false
            var start = 0
            while start < elements.count {
                let shorter = Array(elements[..<start] + elements[min(start + size, elements.count)...])
                if try await fails(shorter) {
                    elements = shorter
                    hasShrunk = true
                } else {
                    start += size
                }
            }
            if size > 1 { size /= 2 } else if !hasShrunk { return elements }
        }
    }
}
