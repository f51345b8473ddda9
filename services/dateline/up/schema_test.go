package up_test

import (
	"bytes"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/view"
)

// articleSchema compiles the JSON Schema that consumers are given.
func articleSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile("../../../proto/schema/article.schema.json")
	require.NoError(t, err)
	return schema
}

// checkSchema holds an event to it.
func checkSchema(t *testing.T, schema *jsonschema.Schema, a *datelinev1.Article) {
	t.Helper()
	event, err := view.JSON(a)
	require.NoError(t, err)
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(event))
	require.NoError(t, err)
	require.NoError(t, schema.Validate(value), a.GetFetch().GetUrl())
}

func TestSchemaRefusesWhatIsNoEvent(t *testing.T) {
	schema := articleSchema(t)
	for _, bad := range []string{`{"id": 7}`, `{"document": {"wordCount": -1}}`} {
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader([]byte(bad)))
		require.NoError(t, err)
		require.Error(t, schema.Validate(value), bad)
	}
}
