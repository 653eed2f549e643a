import JSON

extension FaultPlan {
    /// Refuses a plan that was made in Swift for what would be refused in a file: a rule that could never fire, an id that
    /// stands twice, a number out of its range.
    ///
    ///     try plan.check()   // InvalidFields: rules[0].match.operation is no operation of storage; …
    ///
    /// - Throws: every mistake, with its path in the plan's JSON.
    public func check() throws(InvalidFields) {
        // The one reader is the one judge, whatever a plan is made of.
        _ = try FaultPlan(json)
    }
}
