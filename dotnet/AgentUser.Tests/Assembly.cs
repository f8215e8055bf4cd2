using Xunit;

// Tests count threads and native handles of the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
