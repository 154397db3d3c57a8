import HoneyHDFS
import HoneyHDFSMessages

/// The page of a NameNode for people.
struct NameNodePage {
    private let overview: NameNodeOverview
    private let authority: String

    init(_ overview: NameNodeOverview, authority: String) {
        self.overview = overview
        self.authority = authority
    }

    var html: String {
        var body = "<h1>NameNode \(HTMLText.escaped(authority))</h1>"
        body += "<p class=\"sub\">\(HTMLText.escaped(overview.stateName)), running since "
        body += "\(HTMLText.escaped(DateText.utc(overview.startMilliseconds)))</p>"
        if let tip = overview.safeMode {
            body += "<div class=\"warn\"><b>Safe mode is on.</b> \(HTMLText.escaped(tip))</div>"
        }
        body += cards + liveNodes + otherNodes + facts
        return HTMLText.document(title: "NameNode \(authority)", body)
    }

    private var cards: String {
        let space = overview.space
        let used = ByteText.short(space.used) + " of " + ByteText.short(space.capacity)
        return "<div class=\"cards\">"
            + HTMLText.card("files and directories", "\(overview.directoriesAndFiles)")
            + HTMLText.card("blocks", "\(overview.blocks)") + HTMLText.card("live DataNodes", "\(overview.live.count)")
            + HTMLText.card("dead DataNodes", "\(overview.dead.count)", isBad: !overview.dead.isEmpty)
            + HTMLText.card("used", used)
            + HTMLText.card("under-replicated blocks", "\(space.underReplicated)", isBad: space.underReplicated > 0)
            + HTMLText.card("missing blocks", "\(space.missingBlocks)", isBad: space.missingBlocks > 0)
            + HTMLText.card("corrupt blocks", "\(space.corruptBlocks)", isBad: space.corruptBlocks > 0)
            + HTMLText.card("copies under way", "\(overview.pendingCopies)")
            + HTMLText.card("files being written", "\(overview.openFiles)") + "</div>"
    }

    private var liveNodes: String {
        var rows = ""
        for report in overview.live {
            let node = report.datanodeInfo
            let silence = max(0, overview.now - Int(clamping: node.lastUpdate)) / 1000
            rows += "<tr><td>\(link(node))</td><td>\(HTMLText.escaped(node.location))</td>"
            rows += "<td>\(HTMLText.escaped(node.adminState.readable))</td><td class=\"n\">\(silence) s ago</td>"
            rows += "<td class=\"n\">\(node.numBlocks)</td><td class=\"n\">\(node.xceiverCount)</td>"
            rows += "<td class=\"n\">\(ByteText.short(node.dfsUsed))</td>"
            rows += "<td class=\"n\">\(ByteText.short(node.remaining))</td>"
            rows += "<td>\(HTMLText.bar(node.dfsUsed, of: node.capacity))</td></tr>"
        }
        guard !rows.isEmpty else { return "<h2>DataNodes</h2><p>None has registered.</p>" }
        return "<h2>DataNodes</h2><table><tr><th>address</th><th>rack</th><th>state</th><th class=\"n\">last heartbeat</th>"
            + "<th class=\"n\">blocks</th><th class=\"n\">transfers</th><th class=\"n\">used</th><th class=\"n\">free</th>"
            + "<th></th></tr>\(rows)</table>"
    }

    private func link(_ node: WireDatanodeInfo) -> String {
        let address = HTMLText.escaped("\(node.id.hostName):\(node.id.xferPort)")
        guard node.id.infoPort > 0 else { return address }
        return "<a href=\"http://\(HTMLText.escaped(node.id.hostName)):\(node.id.infoPort)/\">\(address)</a>"
    }

    private var otherNodes: String {
        guard !overview.dead.isEmpty else { return "" }
        let rows = overview.dead.map { node in
            "<tr><td>\(HTMLText.escaped("\(node.id.hostName):\(node.id.xferPort)"))</td>"
                + "<td>\(HTMLText.escaped(node.location))</td><td>\(HTMLText.escaped(node.adminState.readable))</td>"
                + "<td>\(node.lastUpdate == 0 ? "never" : DateText.utc(Int(clamping: node.lastUpdate)))</td></tr>"
        }
        return "<h2>Dead DataNodes</h2><table><tr><th>address</th><th>rack</th><th>state</th><th>last heartbeat</th></tr>"
            + rows.joined() + "</table>"
    }

    private var facts: String {
        let ago = overview.lastImage == 0 ? "" : " (\(overview.secondsSinceImage) s ago)"
        return "<h2>Name space</h2>"
            + HTMLText.facts([
                ("cluster", overview.clusterID), ("block pool", overview.blockPoolID),
                ("last transaction", "\(overview.lastTransaction)"),
                ("last checkpoint", "up to transaction \(overview.lastImage)\(ago)"),
                ("kept in", overview.storageDirectories.joined(separator: ", ")),
                ("replicas to be deleted", "\(overview.space.pendingDeletionBlocks)"),
            ])
    }
}

extension WireDatanodeInfo.AdminState {
    /// As Hadoop's reports say it.
    var readable: String {
        switch self {
        case .normal: "In Service"
        case .decommissionInprogress: "Decommission In Progress"
        case .decommissioned: "Decommissioned"
        case .enteringMaintenance: "Entering Maintenance"
        case .inMaintenance: "In Maintenance"
        }
    }
}
