// The end of a check's text.
extension FileSystemCheck {
    mutating func summarize() {
        let replication = manager.configuration.replication
        text += "\n\nStatus: " + (totals.isHealthy ? "HEALTHY" : "CORRUPT")
        line("\n Number of data-nodes:", "\(manager.registry.liveCount)")
        line(" Number of racks:", "\t\(manager.registry.liveRackCount)")
        line(" Total dirs:", "\t\t\(totals.directories)")
        line(" Total symlinks:", "\t0")
        text += "\n\nReplicated Blocks:"
        line(" Total size:", "\(totals.bytes) B" + open(totals.openBytes, " (Total open files size: ", " B)"))
        line(" Total files:", "\(totals.files)" + open(totals.openFiles, " (Files currently being written: ", ")"))
        line(
            " Total blocks (validated):",
            "\(totals.blocks)" + (totals.blocks > 0 ? " (avg. block size \(totals.bytes / totals.blocks) B)" : "")
                + open(totals.openBlocks, " (Total open file blocks (not validated): ", ")"))
        if totals.corruptFiles > 0 || totals.belowMinimum > 0 { summarizeLosses() }
        line(" Minimally replicated blocks:", shared(totals.blocks - totals.belowMinimum))
        line(" Over-replicated blocks:", shared(totals.overReplicated))
        line(" Under-replicated blocks:", shared(totals.underReplicated))
        line(" Mis-replicated blocks:", "\t" + shared(totals.badlySpread))
        line(" Default replication factor:", "\(replication)")
        line(
            " Average block replication:",
            totals.blocks == 0 ? "0.0" : decimal(totals.replicas, totals.blocks))
        line(" Missing blocks:", "\t\(totals.missing)")
        line(" Corrupt blocks:", "\t\(totals.corrupt)")
        line(
            " Missing replicas:",
            "\t\(totals.lackingReplicas)"
                + (totals.wantedReplicas > 0
                    ? " (\(percent(totals.lackingReplicas, totals.wantedReplicas)) %)" : ""))
        if totals.decommissioned > 0 { line(" DecommissionedReplicas:", "\(totals.decommissioned)") }
        if totals.decommissioning > 0 { line(" DecommissioningReplicas:", "\(totals.decommissioning)") }
        line(" Blocks queued for replication:", "\(manager.pendingCopyCount)")
        text += "\n\nErasure Coded Block Groups:"
        line(" Total size:", "0 B")
        line(" Total files:", "0")
        line(" Total block groups (validated):", "0")
        line(" Minimally erasure-coded block groups:", "0")
        line(" Over-erasure-coded block groups:", "0")
        line(" Under-erasure-coded block groups:", "0")
        line(" Unsatisfactory placement block groups:", "0")
        line(" Average block group size:", "0.0")
        line(" Missing block groups:", "\t0")
        line(" Corrupt block groups:", "\t0")
        line(" Missing internal blocks:", "\t0")
        line(" Blocks queued for replication:", "0")
        text += "\n"
    }

    private mutating func summarizeLosses() {
        let stars = "\n  ********************************"
        text += stars
        if totals.belowMinimum > 0 {
            line("  UNDER MIN REPL'D BLOCKS:", shared(totals.belowMinimum))
            line("  dfs.namenode.replication.min:", "\(manager.configuration.minimumReplication)")
        }
        if totals.corruptFiles > 0 { line("  CORRUPT FILES:", "\(totals.corruptFiles)") }
        if totals.missing > 0 {
            line("  MISSING BLOCKS:", "\(totals.missing)")
            line("  MISSING SIZE:", "\t\(totals.missingBytes) B")
        }
        if totals.corrupt > 0 { line("  CORRUPT BLOCKS: ", "\(totals.corrupt)") }
        text += stars
    }

    private mutating func line(_ name: String, _ value: String) { text += "\n\(name)\t\(value)" }

    private func open(_ count: Int, _ before: String, _ after: String) -> String {
        count > 0 ? before + "\(count)" + after : ""
    }

    /// A count with its part of all blocks, such as `3 (50.0 %)`.
    private func shared(_ count: Int) -> String {
        totals.blocks == 0 ? "\(count)" : "\(count) (\(percent(count, totals.blocks)) %)"
    }

    /// A percentage as Java prints a float.
    private func percent(_ part: Int, _ whole: Int) -> String { "\(Float(part * 100) / Float(whole))" }

    private func decimal(_ part: Int, _ whole: Int) -> String { "\(Float(part) / Float(whole))" }
}
