/// A change of files and definitions that happens as a whole: it is decided when it is recorded, together with its changes
/// of definitions in one transaction of the metastore; its moves of files can then be finished by anybody, any number of times.
///
/// That is safe because of every move one end lies in the commit's own directory, which has a name never used again and is
/// deleted when all moves are done: a move that was done once cannot be done a second time, whoever tries.
public struct Commit: Hashable, Sendable, Codable {
    /// A move of a file or directory to a path that does not exist.
    public struct Move: Hashable, Sendable, Codable {
        public var source: String
        public var target: String
        /// A new file may take another name when, against all odds, somebody else's has taken this one.
        public var mayBeRenamed: Bool

        public init(_ source: String, to target: String, mayBeRenamed: Bool = false) {
            self.source = source
            self.target = target
            self.mayBeRenamed = mayBeRenamed
        }
    }

    /// Never used before.
    public var id: String
    /// What it changes: commits that share a key happen one after another.
    public var keys: [String]
    /// In the order in which they are to be done.
    public var moves: [Move]
    /// Directories to delete when all moves are done.
    public var leftovers: [String]

    public init(id: String, keys: [String], moves: [Move], leftovers: [String]) {
        self.id = id
        self.keys = keys
        self.moves = moves
        self.leftovers = leftovers
    }
}

/// A change of definitions that is part of a commit.
public enum MetastoreChange: Hashable, Sendable {
    case createTable(Table)
    /// Replaces the table called `name`.
    case alterTable(name: String, database: String, Table)
    case dropTable(name: String, database: String)
    case addPartitions([Partition], Table, ifNotExists: Bool)
    case alterPartition(Partition, Table)
    case renamePartition([String], to: [String], Table)
    case dropPartitions([[String]], Table)
    case dropDatabase(name: String, cascade: Bool)
}
