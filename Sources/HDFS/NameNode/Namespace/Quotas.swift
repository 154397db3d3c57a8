/// Limits of names and bytes: what is below a directory with a quota is counted as it changes.
extension Namespace {
    /// What a subtree counts.
    func usage(of inode: Inode) -> (names: Int, space: Int) {
        var names = 0
        var space = 0
        forEach(below: inode) { inode in
            names += 1
            if let file = inode.file { space = space.addingClamped(file.spaceConsumed) }
        }
        return (names, space)
    }

    /// Adds to what is counted at `inode` and above it.
    func charge(names: Int, space: Int, at inode: Inode?) {
        guard names != 0 || space != 0 else { return }
        var here = inode
        while let inode = here {
            if let extras = inode.extras, extras.quota != nil {
                extras.quota!.usedNames += names
                extras.quota!.usedSpace = extras.quota!.usedSpace.addingClamped(space)
            }
            here = inode.parent
        }
    }

    /// Changes a file's blocks and counts what that means for quotas; changes within changes are counted once.
    func charging<Failure: Error>(_ file: FileInode, _ body: () throws(Failure) -> Void) throws(Failure) {
        guard chargeDepth == 0, hasQuota(above: file) else { return try body() }
        let before = file.spaceConsumed
        chargeDepth += 1
        defer {
            chargeDepth -= 1
            charge(names: 0, space: file.spaceConsumed - before, at: file.parent)
        }
        try body()
    }

    func hasQuota(above inode: Inode) -> Bool {
        var here: Inode? = inode.parent
        while let inode = here {
            if inode.extras?.quota != nil { return true }
            here = inode.parent
        }
        return false
    }

    /// Fails when so much more at `inode` would be too much for it or a directory above; stops before `limit`.
    func checkQuota(
        names: Int, space: Int, at inode: Inode?, below limit: Inode? = nil
    ) throws(RemoteException) {
        guard names > 0 || space > 0 else { return }
        var here = inode
        while let inode = here, inode !== limit {
            if let quota = inode.extras?.quota {
                if names > 0, quota.names >= 0, quota.usedNames + names > quota.names {
                    throw .namespaceQuota(
                        "The NameSpace quota (directories and files) of directory \(inode.path) is exceeded: "
                            + "quota=\(quota.names) file count=\(quota.usedNames + names)")
                }
                let used = quota.usedSpace.addingClamped(space)
                if space > 0, quota.space >= 0, used > quota.space {
                    throw .spaceQuota(
                        "The DiskSpace quota of \(inode.path) is exceeded: quota = \(quota.space) B = "
                            + "\(binaryPrefixed(quota.space)) but diskspace consumed = \(used) B = \(binaryPrefixed(used))"
                    )
                }
            }
            here = inode.parent
        }
    }
}

extension Int {
    /// Adds without overflow.
    func addingClamped(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other > 0 ? .max : .min) : sum
    }
}

/// Writes bytes as Hadoop's messages do: `1.50 GB`.
func binaryPrefixed(_ bytes: Int) -> String {
    var power = 0
    var unit = 1.0
    while power < 6, Double(bytes) >= unit * 1024 {
        unit *= 1024
        power += 1
    }
    guard power > 0 else { return "\(bytes) B" }
    let hundredths = Int((Double(bytes) / unit * 100).rounded())
    let fraction = hundredths % 100
    return "\(hundredths / 100)" + (fraction == 0 ? "" : fraction < 10 ? ".0\(fraction)" : ".\(fraction)")
        + " \(["B", "KB", "MB", "GB", "TB", "PB", "EB"][power])"
}
