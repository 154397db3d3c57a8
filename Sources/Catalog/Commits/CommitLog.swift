/// Records commits, for all processes that use one metastore.
public protocol CommitLog: Sendable {
    /// How many commits with this key there have been.
    func version(of key: String) throws -> Int
    /// Decides a commit and applies its changes of definitions, in one transaction; false, and nothing done, when one of its
    /// keys has had another commit since `versions` (one a key) were read, or has one that is not finished.
    func begin(_ commit: Commit, changes: [MetastoreChange], atVersions versions: [Int]) throws -> Bool
    /// Notes that a commit's moves are done; fine when that was noted before.
    func finish(_ commit: Commit) throws
    /// The commits that were decided and whose moves are not known to be done.
    func pending() throws -> [Commit]
}
