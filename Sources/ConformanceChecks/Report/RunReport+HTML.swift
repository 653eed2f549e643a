import JSON

/// The report as one page that needs nothing else: every check, every sentence, every message.
extension RunReport {
    public var html: String {
        var page = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        page += "<meta name=\"viewport\" content=\"width=device-width\">\n"
        page +=
            "<title>StorageConformance: \(Markup.escaped(verdict))</title>\n<style>\(Self.style)</style>\n</head>\n<body>\n"
        page += "<h1>StorageConformance</h1>\n<p class=\"verdict s\(exitStatus)\">\(Markup.escaped(verdict))</p>\n"
        page += overview + troubles
        for profile in Profile.allCases {
            let own = results.filter { $0.profile == profile }
            guard !own.isEmpty else { continue }
            page += "<h2>\(profile.rawValue)</h2>\n"
            for result in own { page += section(result) }
        }
        return page + "</body>\n</html>\n"
    }

    private var overview: String {
        var rows: [(String, String)] = [
            ("hub", hub), ("exchange, queue", "\(topology.exchange), \(topology.queue)"),
            ("asset API", storageURL ?? "not known"), ("run", runID), ("started", started.description),
            ("took", "\(durationMs) ms"), ("complete", isComplete ? "yes" : "no: \(cutShort ?? "it broke")"),
            ("made and removed", "\(imagesMade) images, \(assetsMade) assets"),
        ]
        if let announcement { rows.append(("service", TextReport.text(announcement))) }
        for outcome in Outcome.allCases where count(outcome) > 0 {
            rows.append((outcome.rawValue, "\(count(outcome))"))
        }
        return "<table>\n" + rows.map { "<tr><th>\($0.0)</th><td>\(Markup.escaped($0.1))</td></tr>\n" }.joined()
            + "</table>\n"
    }

    private var troubles: String {
        var text = ""
        func list(_ title: String, _ items: [String]) {
            guard !items.isEmpty else { return }
            text += "<h2>\(title)</h2>\n<ul>\n"
            text += items.map { "<li>\(Markup.escaped($0))</li>\n" }.joined() + "</ul>\n"
        }
        list(
            "These failures look like",
            guesses.map { "\($0.percent) % \($0.mode) (\($0.requirement)): \($0.title)" }
        )
        list("Left behind", leftovers)
        list("Stale baseline entries", stale.map { "\($0.check) \($0.message)" })
        list("The checker broke", faults)
        return text
    }

    private func section(_ result: CheckResult) -> String {
        let isOpen = [.fail, .warn].contains(result.outcome) ? " open" : ""
        var text =
            "<details class=\"\(result.outcome.rawValue)\" id=\"\(Markup.escaped(result.id))\"\(isOpen)>\n<summary>"
        text += "<b>\(result.outcome.rawValue)</b> <code>\(Markup.escaped(result.id))</code> "
        text += "\(Markup.escaped(result.title)) <small>\(result.durationMs) ms</small></summary>\n"
        if let reason = result.reason {
            text +=
                "<p class=\"reason\"><code>\(Markup.escaped(reason))</code> \(Markup.escaped(result.message ?? ""))</p>\n"
        }
        for id in result.requirements {
            guard let requirement = Requirements.all[id] else { continue }
            text += "<p><a href=\"\(Markup.escaped(requirement.link))\">\(Markup.escaped(id))</a> "
            text += "\(Markup.escaped(requirement.text))</p>\n"
        }
        if let difference = result.firstDifference {
            text += "<p>First difference at <code>\(Markup.escaped(difference.path))</code>: should be "
            text += "<code>\(Markup.escaped(TextReport.text(difference.expected)))</code>, is "
            text += "<code>\(Markup.escaped(TextReport.text(difference.actual)))</code></p>\n"
        }
        for message in result.evidence { text += row(message) }
        if result.evidenceOmitted > 0 { text += "<p>… and \(result.evidenceOmitted) messages more.</p>\n" }
        return text + "</details>\n"
    }

    private func row(_ message: Evidence) -> String {
        let fields = message.fields.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
        return "<div class=\"message \(message.way.rawValue)\"><p>\(message.atMs) ms \(message.way.rawValue) "
            + "<code>\(Markup.escaped(message.address))</code></p>"
            + "<pre>\(Markup.escaped(fields))</pre><pre>\(Markup.escaped(message.text))</pre></div>\n"
    }

    private static let style = """
        body{font:15px/1.45 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1c1c1c;background:#fff}
        th{text-align:left;padding-right:1rem;vertical-align:top}td{overflow-wrap:anywhere}
        .verdict{font-size:1.3rem;padding:.5rem 1rem;background:#fde7c7;border-left:.4rem solid #b86e00}
        .verdict.s0{background:#dcf3e0;border-color:#1a7f37}.verdict.s1,.verdict.s70{background:#fbdcdc;border-color:#b3261e}
        details{border:1px solid #d0d0d0;border-left:.4rem solid #999;margin:.4rem 0;padding:.3rem .7rem}
        details.pass{border-left-color:#1a7f37}details.fail{border-left-color:#b3261e}
        details.warn,details.could_not_run{border-left-color:#b86e00}
        pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#f5f5f5;padding:.4rem;margin:.2rem 0}
        .message{margin:.6rem 0 .6rem 1rem}.message p{margin:0}.received{margin-left:3rem}small{color:#595959}
        @media(prefers-color-scheme:dark){body{background:#161616;color:#eaeaea}pre{background:#232323}a{color:#8ab4f8}
        details{border-color:#444}small{color:#aaa}.verdict{color:#1c1c1c}}
        """
}
