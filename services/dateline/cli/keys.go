package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/nats-io/nkeys"
	"github.com/spf13/cobra"

	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/services/dateline/pki"
)

// systemRole is who looks after the server itself, in an account of its own.
const systemRole = "system"

func newKeys() *cobra.Command {
	var (
		others outsiders
		hosts  []string
	)
	cmd := &cobra.Command{
		Use:   "keys DIR",
		Short: "Make the keys, certificates and permissions of a secured NATS server",
		Long: `Keys writes into a directory what a NATS server needs to know who connects, and
what each may do, and what those who connect need:

  auth.conf              accounts, users and permissions, for the server to include
  ROLE.nk                the secret key of a role (--nats-nkey)
  ROLE.pem, ROLE.key     the role's certificate (--nats-cert, --nats-key)
  ca.pem, ca.key         the authority that signs certificates; keep ca.key apart
  server.pem, .key       the server's certificate, for the hosts named by --host

What is there already is kept, but for auth.conf: run it again after an upgrade, or to
add a role, and then 'nats-server --signal reload'. To give a role another key, remove
its file first. A certificate that has less than a third of its time left is made anew.`,
		Example: `  dateline keys /etc/dateline/keys --host nats-1,nats-2,nats-3 --publisher press --consumer newsroom`,
		Args:    exactArgs(1, "one directory"),
		RunE: func(cmd *cobra.Command, args []string) error {
			roles, err := others.roles()
			if err != nil {
				return err
			}
			return writeKeys(cmd, args[0], roles, hosts)
		},
	}
	cmd.Flags().StringSliceVar(&hosts, "host", []string{"localhost", "127.0.0.1", "::1"}, "name or address by which servers are reached; may be repeated")
	others.bind(cmd)
	return cmd
}

func writeKeys(cmd *cobra.Command, dir string, roles []topology.Role, hosts []string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the directory of keys: %w", err)
	}
	users, names := make([]topology.User, len(roles)), []string{systemRole}
	for i, role := range roles {
		public, err := userKey(filepath.Join(dir, role.Name+".nk"))
		if err != nil {
			return err
		}
		users[i] = topology.User{Role: role, NKey: public}
		names = append(names, role.Name)
	}
	system, err := userKey(filepath.Join(dir, systemRole+".nk"))
	if err != nil {
		return err
	}
	if err := pki.Write(dir, hosts, names); err != nil {
		return err
	}
	conf := "# Written by 'dateline keys'. It holds public keys only.\n" + topology.AccountsConf(users, system)
	if err := os.WriteFile(filepath.Join(dir, "auth.conf"), []byte(conf), 0o600); err != nil {
		return fmt.Errorf("write the server's accounts: %w", err)
	}
	out := cmd.OutOrStdout()
	for _, role := range roles {
		fmt.Fprintf(out, "%-12s %-24s %s\n", role.Name, filepath.Join(dir, role.Name+".nk"), role.Purpose)
	}
	fmt.Fprintf(out, "\nLet the server include %s, and give each role its key and certificate: --nats-nkey, --nats-cert, --nats-key. See docs/operations.md.\n", filepath.Join(dir, "auth.conf"))
	return nil
}

// userKey returns the public half of the key in a file, which is made if it is
// missing.
func userKey(path string) (string, error) {
	seed, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return newUserKey(path)
	}
	if err != nil {
		return "", fmt.Errorf("read key: %w", err)
	}
	key, err := nkeys.ParseDecoratedUserNKey(seed)
	if err != nil {
		return "", fmt.Errorf("read key %s: %w; remove it, and another is made", path, err)
	}
	return key.PublicKey()
}

func newUserKey(path string) (string, error) {
	key, err := nkeys.CreateUser()
	if err != nil {
		return "", fmt.Errorf("make a key: %w", err)
	}
	seed, err := key.Seed()
	if err != nil {
		return "", fmt.Errorf("make a key: %w", err)
	}
	if err := os.WriteFile(path, append(seed, '\n'), 0o600); err != nil {
		return "", fmt.Errorf("write key: %w", err)
	}
	return key.PublicKey()
}
